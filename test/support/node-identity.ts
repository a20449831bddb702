import { readFileSync } from 'node:fs'
import type { Credentials, Identity } from '../../kernel/contract/index.js'

/** Tests run from `dist/test`, the fixtures stay where they are. */
const FOLDER = new URL('../../../test/fixtures/links/', import.meta.url)

const pem = (name: string): string => readFileSync(new URL(name, FOLDER), 'utf8')

/** Credentials out of `test/fixtures/links`. */
export const linkCredentials = (name: string, trust = 'authority'): Credentials =>
  ({ key: pem(`${name}.key`), chain: pem(`${name}.pem`), trust: pem(`${trust}.pem`) })

/** An identity whose credentials a test replaces. */
export class NodeIdentity implements Identity {
  readonly #listeners = new Set<() => void>()

  constructor (readonly nodeId: string, private current: Credentials | undefined = linkCredentials(nodeId)) {}

  credentials (): Credentials | undefined {
    return this.current
  }

  onChange (changed: () => void, signal: AbortSignal): void {
    this.#listeners.add(changed)
    signal.addEventListener('abort', () => { this.#listeners.delete(changed) }, { once: true })
  }

  replace (credentials: Credentials): void {
    this.current = credentials
    for (const changed of this.#listeners) changed()
  }
}
