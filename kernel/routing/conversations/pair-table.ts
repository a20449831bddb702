const LEAST_PLACES = 64

/**
 * Finds a number by two 32-bit words: open addressing with linear probing in typed arrays, at most half full. Neither
 * looking up nor changing makes garbage, but for growing.
 */
export class PairTable {
  #low = new Int32Array(LEAST_PLACES)
  #high = new Int32Array(LEAST_PLACES)
  /** The value plus one; 0 marks a free place. */
  #values = new Int32Array(LEAST_PLACES)
  #mask = LEAST_PLACES - 1
  #size = 0

  get size (): number {
    return this.#size
  }

  /** The value, or -1. */
  get (low: number, high: number): number {
    return (this.#values[this.#place(low | 0, high | 0)] ?? 0) - 1
  }

  /** False, and nothing done, when the pair has a value. `value`: 0 to 2³¹ − 2. */
  add (low: number, high: number, value: number): boolean {
    if ((this.#size + 1) * 2 > this.#values.length) this.#grow()
    const place = this.#place(low | 0, high | 0)
    if (this.#values[place] !== 0) return false
    this.#put(place, low | 0, high | 0, value + 1)
    return true
  }

  delete (low: number, high: number): void {
    let hole = this.#place(low | 0, high | 0)
    if (this.#values[hole] === 0) return
    this.#size -= 1
    const mask = this.#mask
    // Whatever was pushed past the hole by it moves up, so that no search ends too early.
    for (let place = hole + 1 & mask; this.#values[place] !== 0; place = place + 1 & mask) {
      const wanted = this.#home(this.#low[place] ?? 0, this.#high[place] ?? 0)
      if ((place - wanted & mask) < (place - hole & mask)) continue
      this.#low[hole] = this.#low[place] ?? 0
      this.#high[hole] = this.#high[place] ?? 0
      this.#values[hole] = this.#values[place] ?? 0
      hole = place
    }
    this.#values[hole] = 0
  }

  #put (place: number, low: number, high: number, stored: number): void {
    this.#size += 1
    this.#low[place] = low
    this.#high[place] = high
    this.#values[place] = stored
  }

  /** Where the pair stands, or the free place that ends the search for it. */
  #place (low: number, high: number): number {
    let place = this.#home(low, high)
    while (this.#values[place] !== 0 && (this.#low[place] !== low || this.#high[place] !== high)) place = place + 1 & this.#mask
    return place
  }

  #home (low: number, high: number): number {
    const mixed = Math.imul(low, 0x9e3779b1) ^ Math.imul(high, 0x85ebca6b)
    return (mixed ^ mixed >>> 15) & this.#mask
  }

  #grow (): void {
    const [lows, highs, values] = [this.#low, this.#high, this.#values]
    const places = values.length * 2
    this.#low = new Int32Array(places)
    this.#high = new Int32Array(places)
    this.#values = new Int32Array(places)
    this.#mask = places - 1
    this.#size = 0
    for (let place = 0; place < values.length; place++) {
      const stored = values[place] ?? 0
      if (stored === 0) continue
      const [low, high] = [lows[place] ?? 0, highs[place] ?? 0]
      this.#put(this.#place(low, high), low, high, stored)
    }
  }
}
