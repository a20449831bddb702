/** Hex digits of a SHA-256. */
const MODULE = /^[0-9a-f]{64}$/

/** Whether a text may stand for a module: a SHA-256 in hex, or nothing where there is none. */
export const isModule = (text: string): boolean => text === '' || MODULE.test(text)

/** Modules by small numbers, each kept once however many agents run it. 0 stands for none. */
export class ModuleTable {
  readonly #numbers = new Map<string, number>()
  readonly #texts: string[] = ['']
  readonly #hashes: number[] = [0]
  readonly #uses: number[] = [0]
  readonly #free: number[] = []

  get size (): number {
    return this.#numbers.size
  }

  text (number: number): string {
    return this.#texts[number] ?? ''
  }

  hash (number: number): number {
    return this.#hashes[number] ?? 0
  }

  /** The number of a module, from now on used once more. */
  take (module: string): number {
    if (module === '') return 0
    let number = this.#numbers.get(module)
    if (number === undefined) {
      number = this.#free.pop() ?? this.#texts.length
      this.#numbers.set(module, number)
      this.#texts[number] = module
      this.#hashes[number] = Number.parseInt(module.slice(0, 8), 16)
      this.#uses[number] = 0
    }
    this.#uses[number] = (this.#uses[number] ?? 0) + 1
    return number
  }

  release (number: number): void {
    if (number === 0) return
    const uses = (this.#uses[number] ?? 0) - 1
    this.#uses[number] = uses
    if (uses > 0) return
    this.#numbers.delete(this.text(number))
    this.#texts[number] = ''
    this.#free.push(number)
  }
}
