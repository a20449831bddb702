const SLOTS = 512
/** Most things at one time that are remembered: many at once are no honest ring's. */
const MOST_AT_ONCE = 256

/** What was seen at the last 512 logical times, so that it is passed on once only. */
export class RecentTimes<T> {
  readonly #slots = new Map<number, { readonly time: number, readonly seen: Map<string, T> }>()

  /** False if it was seen before, or is too old to tell. `now`: the clock's time. */
  note (time: number, key: string, value: T, now: number): boolean {
    if (now > SLOTS && time < now - SLOTS) return false
    const slot = time % SLOTS
    const there = this.#slots.get(slot)
    if (there !== undefined && there.time > time) return false
    if (there?.time !== time) {
      this.#slots.set(slot, { time, seen: new Map([[key, value]]) })
      return true
    }
    if (there.seen.has(key) || there.seen.size >= MOST_AT_ONCE) return false
    there.seen.set(key, value)
    return true
  }

  /** All that is remembered. */
  all (): ReadonlyArray<{ readonly time: number, readonly values: readonly T[] }> {
    return [...this.#slots.values()].map(({ time, seen }) => ({ time, values: [...seen.values()] }))
  }
}
