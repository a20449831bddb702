import type { Clock, Random } from '../../kernel/contract/index.js'
import { ApiKeyExists, ApiKeyInvalid, ApiKeyNotFound, ApiKeysFull } from './api-key-errors.js'
import type { AuthApiKeyConfig } from './auth-api-key-config.js'
import type { HashKeys } from './keys/hash-keys.js'
import type { KeyBook } from './keys/key-book.js'
import { prevails, stateOf, type KeyRecord } from './keys/key-record.js'
import { newKeyId, newKeyText } from './keys/key-text.js'

const DAY = 86_400_000
/** Ten years: what is longer was a slip. */
const LONGEST = 3_650 * DAY
/** How long a key that has expired is still listed. */
const REMEMBERED = 30 * DAY
const NAME = /^[A-Za-z0-9][A-Za-z0-9._@-]{0,62}$/
const ROLE = /^[A-Za-z][A-Za-z0-9._-]{0,62}$/
const MOST_ROLES = 32

/** A key that was just made: the only moment at which it can be seen. */
export interface MadeKey {
  readonly text: string
  readonly record: KeyRecord
}

/** What a new key is to be. */
export interface KeyDraft {
  readonly name: string
  readonly roles: readonly string[]
  /** The principal that makes it. */
  readonly createdBy: string
  /** In milliseconds; 0: for ever; left out: as the configuration says. */
  readonly lifetime?: number | undefined
  /** Takes the key before it counts: nobody could learn it later. */
  readonly handOver?: (text: string) => Promise<void>
}

/** Makes, renews and ends keys, one change after the other. */
export class ApiKeys {
  private turn: Promise<unknown> = Promise.resolve()
  private readonly listeners = new Set<() => void>()

  constructor (
    private readonly book: KeyBook,
    private readonly hashes: HashKeys,
    private readonly config: Pick<AuthApiKeyConfig, 'lifetime' | 'grace' | 'max_keys'>,
    private readonly clock: Clock,
    private readonly random: Random,
  ) {}

  /** Throws `API_KEY_INVALID`, `API_KEY_EXISTS`, `API_KEYS_FULL`. */
  create ({ name, roles, createdBy, lifetime = this.config.lifetime, handOver }: KeyDraft): Promise<MadeKey> {
    return this.inTurn(async () => {
      ensure(NAME.test(name), 'the name of a key', name)
      for (const role of roles) ensure(ROLE.test(role), 'a role', role)
      ensure(roles.length <= MOST_ROLES, 'a list of roles', roles.join(','))
      ensureTime(lifetime)
      if (this.book.named(name) !== undefined) throw ApiKeyExists({ name })
      await this.makeRoom()
      const created = this.clock.now()
      const id = newKeyId(this.random)
      const text = newKeyText(id, this.random)
      const record: KeyRecord = {
        id, name, roles: [...new Set(roles)], created, createdBy, lifetime, expires: endOf(created, lifetime), revoked: 0, version: 1,
        hashes: [this.hashes.hashOf(text)],
      }
      await handOver?.(text)
      await this.change(record)
      return { text, record }
    })
  }

  /** The newest first; without `all` only those that work. */
  list (all: boolean): readonly KeyRecord[] {
    const now = this.clock.now()
    return this.book.all()
      .filter(record => all || stateOf(record, now) === 'active')
      .toSorted((one, other) => other.created - one.created || (one.id < other.id ? -1 : 1))
  }

  /** Times in milliseconds. Throws `API_KEY_NOT_FOUND`, `API_KEY_INVALID`. */
  rotate (nameOrId: string, grace = this.config.grace, lifetime?: number): Promise<MadeKey> {
    return this.inTurn(async () => {
      ensureTime(grace)
      const old = this.changeable(nameOrId)
      const lasting = lifetime ?? old.lifetime
      ensureTime(lasting)
      const now = this.clock.now()
      const text = newKeyText(old.id, this.random)
      const [present] = old.hashes
      const until = old.expires === 0 ? now + grace : Math.min(now + grace, old.expires)
      const record: KeyRecord = {
        ...old, lifetime: lasting, expires: endOf(now, lasting), version: old.version + 1,
        hashes: [this.hashes.hashOf(text), ...grace === 0 || present === undefined ? [] : [{ ...present, until }]],
      }
      await this.change(record)
      return { text, record }
    })
  }

  /** Throws `API_KEY_NOT_FOUND`. */
  revoke (nameOrId: string): Promise<KeyRecord> {
    return this.inTurn(async () => {
      const old = this.changeable(nameOrId)
      const record: KeyRecord = { ...old, revoked: this.clock.now(), version: old.version + 1, hashes: [] }
      await this.change(record)
      return record
    })
  }

  /** Calls back after each of these changes, but not after {@link adopt}, until `signal` aborts. */
  onChange (changed: () => void, signal: AbortSignal): void {
    this.listeners.add(changed)
    signal.addEventListener('abort', () => this.listeners.delete(changed), { once: true })
  }

  /** Takes in keys of another node, and the secrets of their hashes. Of two states of one key the later counts, and a revoked one most. */
  adopt (records: readonly KeyRecord[], secrets: readonly Uint8Array[]): Promise<void> {
    return this.inTurn(async () => {
      await this.hashes.take(secrets)
      const better = records.filter(record => !this.isForgotten(record) && prevails(record, this.book.get(record.id)))
      if (better.length > 0) await this.book.keep(better)
    })
  }

  /** What other nodes may have of this one: all but what is long over. */
  lasting (): readonly KeyRecord[] {
    return this.book.all().filter(record => !this.isForgotten(record))
  }

  private isForgotten ({ expires }: KeyRecord): boolean {
    return expires > 0 && expires < this.clock.now() - REMEMBERED
  }

  private async change (record: KeyRecord): Promise<void> {
    await this.book.keep([record])
    for (const listener of this.listeners) listener()
  }

  private changeable (nameOrId: string): KeyRecord {
    const record = this.book.named(nameOrId) ?? this.book.get(nameOrId)
    if (record === undefined || stateOf(record, this.clock.now()) !== 'active') throw ApiKeyNotFound({ name: nameOrId.slice(0, 64) })
    return record
  }

  private async makeRoom (): Promise<void> {
    const { max_keys: most } = this.config
    if (this.book.size >= most) await this.book.forgetExpired(this.clock.now() - REMEMBERED)
    if (this.book.size >= most) throw ApiKeysFull({ most })
  }

  /** Each change builds on the one before; two at once would lose one. */
  private inTurn<T> (change: () => Promise<T>): Promise<T> {
    const done = this.turn.then(change)
    this.turn = done.catch(() => {})
    return done
  }
}

const endOf = (begin: number, lifetime: number): number => lifetime === 0 ? 0 : begin + lifetime

function ensureTime (milliseconds: number): void {
  ensure(Number.isSafeInteger(milliseconds) && milliseconds >= 0 && milliseconds <= LONGEST, 'a time in milliseconds', String(milliseconds))
}

function ensure (holds: boolean, part: string, value: string): void {
  if (!holds) throw ApiKeyInvalid({ part, value: value.slice(0, 64) })
}
