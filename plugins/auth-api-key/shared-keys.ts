import { createHash } from 'node:crypto'
import type { SharedState } from '../../kernel/contract/index.js'
import type { ApiKeys } from './api-keys.js'
import type { HashKeys } from './keys/hash-keys.js'
import { isRecord, type KeyRecord } from './keys/key-record.js'

/** Secrets of hashes that one node may bring: as many as there may be nodes, and some that are gone. */
const MOST_SECRETS = 1_000

interface Contents {
  readonly records: readonly KeyRecord[]
  /** In base64. */
  readonly secrets: readonly string[]
}

/**
 * The keys as all nodes of a cluster have them: a key that was made on one works on each, and is revoked on each. Hashes travel, and the
 * secrets that they were made with; the keys themselves nobody has.
 */
export class SharedKeys implements SharedState {
  constructor (private readonly keys: ApiKeys, private readonly hashes: HashKeys) {}

  digest (): Uint8Array {
    const hash = createHash('sha256')
    for (const text of this.keys.lasting().map(record => JSON.stringify(record)).sort()) hash.update(text)
    for (const secret of this.secrets().sort()) hash.update(secret)
    return hash.digest()
  }

  contents (): Uint8Array {
    const contents: Contents = { records: this.keys.lasting(), secrets: this.secrets() }
    return Buffer.from(JSON.stringify(contents))
  }

  /** Throws for what {@link contents} did not write. */
  async merge (bytes: Uint8Array): Promise<void> {
    const found: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
    if (!isContents(found)) throw new Error('these are no API keys')
    await this.keys.adopt(found.records, found.secrets.map(secret => Buffer.from(secret, 'base64')))
  }

  onChange (changed: () => void, signal: AbortSignal): void {
    this.keys.onChange(changed, signal)
  }

  private secrets (): string[] {
    return this.hashes.secrets().map(secret => Buffer.from(secret).toString('base64'))
  }
}

function isContents (value: unknown): value is Contents {
  if (typeof value !== 'object' || value === null || !('records' in value) || !('secrets' in value)) return false
  const { records, secrets } = value
  return Array.isArray(records) && records.every(isRecord)
    && Array.isArray(secrets) && secrets.length <= MOST_SECRETS && secrets.every(secret => typeof secret === 'string')
}
