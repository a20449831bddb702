import { randomBytes } from 'node:crypto'
import type { Random } from '../contract/index.js'

/** Real randomness. */
export class SystemRandom implements Random {
  fraction (): number {
    return Math.random()
  }

  bytes (count: number): Uint8Array {
    return randomBytes(count)
  }
}
