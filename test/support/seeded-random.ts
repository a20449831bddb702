import type { Random } from '../../kernel/contract/index.js'

/** Randomness that repeats for a seed (mulberry32). Print the seed when a test fails. */
export class SeededRandom implements Random {
  constructor (private state: number) {}

  fraction (): number {
    return this.word() / 2 ** 32
  }

  bytes (count: number): Uint8Array {
    return Uint8Array.from({ length: count }, () => this.word() & 0xff)
  }

  private word (): number {
    this.state = (this.state + 0x6d2b79f5) | 0
    let mixed = this.state
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return (mixed ^ (mixed >>> 14)) >>> 0
  }
}
