const KEPT = 128
const SHORTEST = 50

/**
 * How long to wait for an answer: three times what nearly all of the latest ones took, within bounds around what the operator set.
 */
export class RoundTrips {
  readonly #latest = new Float64Array(KEPT)
  #count = 0
  #timeout: number

  /** `expected`: before anything was measured, in milliseconds. */
  constructor (private readonly expected: number) {
    this.#timeout = expected
  }

  get timeout (): number {
    return this.#timeout
  }

  add (milliseconds: number): void {
    this.#latest[this.#count % KEPT] = milliseconds
    this.#count += 1
    if (this.#count % 16 === 0) this.#measure()
  }

  #measure (): void {
    const known = this.#latest.slice(0, Math.min(KEPT, this.#count)).sort()
    const nearlyAll = known[Math.floor((known.length - 1) * 0.99)] ?? this.expected
    const longest = this.expected * 1.25
    this.#timeout = Math.min(longest, Math.max(Math.min(SHORTEST, longest), nearlyAll * 3))
  }
}
