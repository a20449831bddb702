import type { Logger, Store } from '../../../kernel/contract/index.js'

export const INCARNATION = 'incarnation'
const KEY = 'reserved'
const BLOCK = 100
const LARGEST = 2 ** 32 - 1

/**
 * This node's incarnation. Numbers are reserved in the store a block ahead, so that after a restart it goes on above
 * everything that it ever said, and old rumours of its death are known as such.
 */
export class Incarnation {
  #current = 0
  #reserved = 0
  #writing: Promise<void> = Promise.resolve()

  constructor (private readonly store: Store, private readonly log: Logger) {}

  get current (): number {
    return this.#current
  }

  async load (): Promise<void> {
    const stored = await this.store.get(INCARNATION, KEY)
    const text = stored === undefined ? '0' : new TextDecoder().decode(stored)
    this.#current = Math.min(LARGEST, /^\d{1,10}$/.test(text) ? Number(text) : 0)
    this.#reserve()
    await this.#writing
  }

  /** The next one, which is above `accused` too. */
  raise (accused = 0): number {
    this.#current = Math.min(LARGEST, Math.max(this.#current, accused) + 1)
    if (this.#current + BLOCK / 2 > this.#reserved) this.#reserve()
    return this.#current
  }

  /** Resolves when what was begun has been written. */
  async settled (): Promise<void> {
    await this.#writing
  }

  #reserve (): void {
    const reserved = Math.min(LARGEST, this.#current + BLOCK)
    this.#reserved = reserved
    const value = new TextEncoder().encode(String(reserved))
    this.#writing = this.#writing.then(() => this.store.commit([{ put: INCARNATION, key: KEY, value }])).catch((error: unknown) => {
      this.#reserved = 0
      this.log.error('the node\'s incarnation could not be stored: after a restart others may take it for dead for some seconds', { error })
    })
  }
}
