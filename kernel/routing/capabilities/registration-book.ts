import { readRegistration, type Registration } from './capability-description.js'

/** Descriptions that are remembered, of at most 4,096 characters each. */
const REMEMBERED = 256

/** Reads what agents register; what many say with the same words, as those of one module do, is read once. One for each shard. */
export class RegistrationBook {
  readonly #read = new Map<string, Registration>()

  /** Undefined when the text is malformed, which is not remembered. */
  of (text: string): Registration | undefined {
    const known = this.#read.get(text)
    if (known !== undefined) return known
    const registration = readRegistration(text)
    if (registration === undefined) return undefined
    if (this.#read.size >= REMEMBERED) this.#forgetOldest()
    this.#read.set(text, registration)
    return registration
  }

  #forgetOldest (): void {
    for (const oldest of this.#read.keys()) {
      this.#read.delete(oldest)
      return
    }
  }
}
