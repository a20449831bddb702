/**
 * A pattern for names, in which `*` stands for any number of any characters. Asking it makes no garbage.
 */
export class Pattern {
  readonly #first: string
  readonly #last: string
  readonly #between: readonly string[]
  readonly #isLiteral: boolean

  constructor (readonly text: string) {
    const parts = text.split('*')
    this.#isLiteral = parts.length === 1
    this.#first = parts[0] ?? ''
    this.#last = this.#isLiteral ? '' : parts.at(-1) ?? ''
    this.#between = parts.slice(1, -1).filter(part => part !== '')
  }

  /** Whether it has no `*`: it matches its own text alone. */
  get isLiteral (): boolean {
    return this.#isLiteral
  }

  matches (name: string): boolean {
    return this.#matchesUpTo(name, name.length)
  }

  /** Whether it matches every text that begins with the first `length` characters of `name`. */
  covers (name: string, length: number): boolean {
    return !this.#isLiteral && this.#last === '' && this.#matchesUpTo(name, length)
  }

  /** Whether it matches any text that begins with the first `length` characters of `name`. */
  touches (name: string, length: number): boolean {
    const first = this.#first
    if (this.#isLiteral || first.length >= length) return first.length >= length && name.startsWith(first.slice(0, length))
    return name.startsWith(first)
  }

  #matchesUpTo (name: string, length: number): boolean {
    const first = this.#first
    const last = this.#last
    if (this.#isLiteral) return name.length === length && name === first
    if (length < first.length + last.length || !name.startsWith(first) || !name.endsWith(last, length)) return false
    const end = length - last.length
    let at = first.length
    for (const part of this.#between) {
      const found = name.indexOf(part, at)
      if (found < 0 || found + part.length > end) return false
      at = found + part.length
    }
    return true
  }
}
