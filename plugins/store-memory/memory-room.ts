import { StoreFull } from '../../kernel/contract/index.js'

/** Counts the bytes that all owners keep together. */
export class MemoryRoom {
  #used = 0

  constructor (readonly most: number) {}

  /** Throws `STORE_FULL` when so many bytes more would not fit. */
  demand (bytes: number): void {
    if (this.#used + bytes > this.most) throw StoreFull({ place: `memory (max_size is ${this.most} bytes)` })
  }

  take (bytes: number): void {
    this.#used += bytes
  }
}
