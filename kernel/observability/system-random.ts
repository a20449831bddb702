import { randomBytes, randomFillSync } from 'node:crypto'
import type { Random } from '../contract/index.js'

/** Bytes that are drawn ahead, because each call of the system's source costs much more than the few bytes of an id. */
const POOL = 4_096
/** Most bytes of one request that are taken from there. */
const FEW = 64

/** Real randomness. */
export class SystemRandom implements Random {
  private readonly pool = Buffer.alloc(POOL)
  private used = POOL

  fraction (): number {
    return Math.random()
  }

  bytes (count: number): Uint8Array {
    if (count > FEW) return randomBytes(count)
    if (this.used + count > POOL) {
      randomFillSync(this.pool)
      this.used = 0
    }
    const drawn = Uint8Array.prototype.slice.call(this.pool, this.used, this.used + count)
    // What was given out, which may be a key, stays nowhere else.
    this.pool.fill(0, this.used, this.used + count)
    this.used += count
    return drawn
  }
}
