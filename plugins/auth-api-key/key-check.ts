import { API_KEY_PREFIX, bearerOf, CredentialRefused, type Clock, type Origin, type Principal } from '../../kernel/contract/index.js'
import type { HashKeys } from './keys/hash-keys.js'
import type { KeyBook } from './keys/key-book.js'
import { stateOf, type KeyRecord } from './keys/key-record.js'
import { keyIdOf } from './keys/key-text.js'

const HEADER = 'x-caxton-api-key'

/** The key that a caller shows, in either header; undefined when it shows none. */
export function shownKey (origin: Origin): string | undefined {
  const own = origin.headers.get(HEADER)
  if (own !== undefined) return own
  const bearer = bearerOf(origin)
  return bearer?.startsWith(API_KEY_PREFIX) === true ? bearer : undefined
}

/** Finds out whose a key is, from memory. */
export class KeyCheck {
  constructor (
    private readonly book: KeyBook,
    private readonly hashes: HashKeys,
    private readonly clock: Clock,
    private readonly instance: string,
  ) {}

  /** Throws `CREDENTIAL_REFUSED`. The same work is done for every text that looks like a key. */
  principalOf (text: string): Principal {
    const id = keyIdOf(text)
    if (id === undefined) throw refused('an API key', 'it does not look like one')
    const record = this.book.get(id)
    const index = this.matching(text, record)
    if (record === undefined) throw refused(`the API key ${id}`, 'there is no such key')
    const because = this.objection(record, index)
    if (because !== undefined) throw refused(`the API key "${record.name}" (${id})`, because)
    this.book.used(id)
    return { name: `key:${record.name}`, method: this.instance, roles: [...record.roles] }
  }

  /** Which of the two hashes is the key's, -1 for none. Both are always tried. */
  private matching (text: string, record: KeyRecord | undefined): number {
    const present = this.hashes.matches(text, record?.hashes[0])
    const previous = this.hashes.matches(text, record?.hashes[1])
    return present ? 0 : previous ? 1 : -1
  }

  private objection (record: KeyRecord, index: number): string | undefined {
    const now = this.clock.now()
    const state = stateOf(record, now)
    if (state === 'revoked') return `it was revoked on ${dateText(record.revoked)}`
    if (index < 0) {
      const unknown = record.hashes.some(({ by }) => !this.hashes.has(by))
      return unknown ? 'the secret that its hash was made with is missing on this node' : 'its secret is wrong'
    }
    if (state === 'expired') return `it expired on ${dateText(record.expires)}`
    const until = record.hashes[index]?.until ?? 0
    return until > 0 && now >= until ? `it was rotated out, and worked until ${dateText(until)}` : undefined
  }
}

const refused = (credential: string, because: string): Error => CredentialRefused({ credential, because })

const dateText = (milliseconds: number): string => new Date(milliseconds).toISOString()
