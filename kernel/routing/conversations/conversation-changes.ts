import { roomForInteger, roomForNumber } from './number-rows.js'

/** It stands in the list. */
const LISTED = 1
/** It is open and changed since the last report. */
const CHANGED = 2
/** Some report said that it is open. */
const REPORTED = 4

/**
 * Which conversations of a thread changed since somebody asked. One that begins and ends before its change is ripe is never
 * mentioned. Noting a change makes no garbage, and each conversation is noted once however often it changes.
 */
export class ConversationChanges {
  #flags = new Int32Array(0)
  /** By conversation: wall-clock time of the first change that no report mentioned. */
  #changedAt = new Float64Array(0)
  #listed = new Int32Array(0)
  #count = 0
  #gone = new Int32Array(0)
  #goneCount = 0
  #since = Infinity

  /** Wall-clock time of the first change that is not reported yet, or Infinity. */
  get since (): number {
    return this.#since
  }

  note (conversation: number, now: number): void {
    const flags = this.#flags[conversation] ?? 0
    if ((flags & CHANGED) !== 0) return
    if (conversation >= this.#flags.length) this.#grow(conversation)
    this.#flags[conversation] = flags | LISTED | CHANGED
    this.#changedAt[conversation] = now
    if (now < this.#since) this.#since = now
    if ((flags & LISTED) === 0) this.#list(conversation)
  }

  /** A conversation that was kept before this thread began, or that needs no report for another reason. */
  noteReported (conversation: number): void {
    this.#grow(conversation)
    this.#flags[conversation] = (this.#flags[conversation] ?? 0) | REPORTED
  }

  noteEnd (conversation: number, low: number, high: number, now: number): void {
    const flags = this.#flags[conversation] ?? 0
    this.#flags[conversation] = flags & LISTED
    if ((flags & REPORTED) === 0) return
    this.#gone = roomForInteger(this.#gone, this.#goneCount + 1)
    this.#gone[this.#goneCount++] = low
    this.#gone[this.#goneCount++] = high
    this.#since = Math.min(this.#since, now)
  }

  /**
   * Takes at most `limit` conversations that are open and changed at the time `ripe` or before. When there are more of them, those are due
   * again from `now` on.
   */
  takeChanged (limit: number, ripe: number, now: number): number[] {
    const taken: number[] = []
    const listed = this.#listed
    let [at, left, since] = [0, 0, Infinity]
    for (; at < this.#count && taken.length < limit; at++) {
      const conversation = listed[at] ?? 0
      const flags = this.#flags[conversation] ?? 0
      const changedAt = this.#changedAt[conversation] ?? 0
      if ((flags & CHANGED) === 0) {
        this.#flags[conversation] = flags & REPORTED
      } else if (changedAt > ripe) {
        listed[left++] = conversation
        if (changedAt < since) since = changedAt
      } else {
        this.#flags[conversation] = REPORTED
        taken.push(conversation)
      }
    }
    listed.copyWithin(left, at, this.#count)
    this.#since = at < this.#count ? now : since
    this.#count -= at - left
    return taken
  }

  /** Takes the ids of all that were reported open and have ended. */
  takeGone (): bigint[] {
    const ids: bigint[] = []
    for (let at = 0; at < this.#goneCount; at += 2) {
      ids.push(BigInt((this.#gone[at + 1] ?? 0) >>> 0) << 32n | BigInt((this.#gone[at] ?? 0) >>> 0))
    }
    this.#goneCount = 0
    return ids
  }

  #list (conversation: number): void {
    this.#listed = roomForInteger(this.#listed, this.#count)
    this.#listed[this.#count++] = conversation
  }

  #grow (conversation: number): void {
    this.#flags = roomForInteger(this.#flags, conversation)
    this.#changedAt = roomForNumber(this.#changedAt, conversation)
  }
}
