import type { Random } from '../../contract/index.js'

/** How often, and when, a message is tried again that its receiver failed at. Times in milliseconds. */
export interface RetryRules {
  readonly retries: number
  readonly delay: number
  readonly delayMax: number
}

/** Wait before the retry that follows the `attempts`-th failure: doubles from one to the next, with a jitter of a quarter either way. */
export function retryDelay ({ delay, delayMax }: RetryRules, attempts: number, random: Random): number {
  const grown = Math.min(delayMax, delay * 2 ** (attempts - 1))
  return grown * (0.75 + random.fraction() / 2)
}
