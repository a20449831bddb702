import { createHash, createHmac, createSecretKey, timingSafeEqual, type KeyObject } from 'node:crypto'
import type { Random } from '../../../kernel/contract/index.js'
import { ApiKeyFileUnusable } from '../api-key-errors.js'
import type { KeyHash } from './key-record.js'
import { readOwn, writeOwn } from './own-files.js'

const KEY_BYTES = 32
const HASH_BYTES = 32
const LINE = /^([0-9a-f]{16}) ([A-Za-z0-9+/]{43}=)$/

/**
 * The secrets that hashes of API keys are made with (HMAC with SHA-256). They are kept beside the store and not in it: whoever gets hold of
 * the store alone can neither try keys out nor add some. Hashes need not be slow, for people don't choose keys: nobody guesses 280 bits.
 */
export class HashKeys {
  private readonly keys = new Map<string, KeyObject>()
  private own = ''

  constructor (private readonly file: string, private readonly random: Random) {}

  /** Reads the file, or makes it. Throws `API_KEY_FILE_UNUSABLE`. */
  async load (): Promise<void> {
    const text = await readOwn(this.file)
    const lines = text?.split('\n').filter(line => line !== '') ?? []
    for (const line of lines) {
      const [, id = '', secret = ''] = LINE.exec(line) ?? []
      const bytes = Buffer.from(secret, 'base64')
      if (idOf(bytes) !== id) throw ApiKeyFileUnusable({ file: this.file, reason: 'a line of it is damaged' })
      this.add(id, bytes)
    }
    if (this.keys.size === 0) await this.take([this.random.bytes(KEY_BYTES)])
  }

  has (id: string): boolean {
    return this.keys.has(id)
  }

  /** Adds secrets, such as those of another node, and keeps them when this resolves. Throws `API_KEY_FILE_UNUSABLE`. */
  async take (secrets: readonly Uint8Array[]): Promise<void> {
    const fresh = secrets.filter(secret => secret.length === KEY_BYTES && !this.keys.has(idOf(secret)))
    if (fresh.length === 0) return
    const all = [...this.secrets(), ...fresh]
    await writeOwn(this.file, all.map(secret => `${idOf(secret)} ${Buffer.from(secret).toString('base64')}\n`).join(''))
    for (const secret of fresh) this.add(idOf(secret), secret)
  }

  secrets (): readonly Uint8Array[] {
    return [...this.keys.values()].map(key => key.export())
  }

  /** The hash of a key, as it is kept. */
  hashOf (text: string): KeyHash {
    return { hash: this.digest(text, this.own).toString('base64'), by: this.own, until: 0 }
  }

  /** Whether a hash is that of a key, in the same time whether it is or not. */
  matches (text: string, kept: KeyHash | undefined): boolean {
    const known = kept !== undefined && this.keys.has(kept.by)
    const expected = Buffer.alloc(HASH_BYTES)
    if (known) Buffer.from(kept.hash, 'base64').copy(expected)
    return timingSafeEqual(this.digest(text, known ? kept.by : this.own), expected) && known
  }

  private digest (text: string, by: string): Buffer {
    const key = this.keys.get(by)
    if (key === undefined) throw new Error('the hash keys were not loaded')
    return createHmac('sha256', key).update(text).digest()
  }

  private add (id: string, secret: Uint8Array): void {
    this.keys.set(id, createSecretKey(secret))
    this.own = this.own === '' ? id : this.own
  }
}

const idOf = (secret: Uint8Array): string => createHash('sha256').update(secret).digest('hex').slice(0, 16)
