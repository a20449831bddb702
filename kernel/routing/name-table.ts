/** Longest name of an agent, in characters; all of them are ASCII. */
export const LONGEST_NAME = 255

/** Agents by name, as one thread knows them: replicated by main, so that a look-up never leaves the thread. */
export class NameTable {
  readonly #addresses = new Map<string, bigint>()

  get size (): number {
    return this.#addresses.size
  }

  /** Generation × 2³² + handle, or 0. */
  address (name: string): bigint {
    return this.#addresses.get(name) ?? 0n
  }

  set (name: string, handle: number, generation: number): void {
    this.#addresses.set(name, BigInt(generation) << 32n | BigInt(handle))
  }

  delete (name: string): void {
    this.#addresses.delete(name)
  }
}

/** The handle in an address of {@link NameTable}. */
export const handleOf = (address: bigint): number => Number(address & 0xffffffffn)
/** The generation in an address of {@link NameTable}. */
export const generationOf = (address: bigint): number => Number(address >> 32n)
