import { createHash } from 'node:crypto'
import type { MessageInitShape } from '@bufbuild/protobuf'
import {
  type DigestStateRequest, type DigestStateResponseSchema, type ExportStateRequest, type ExportStateResponseSchema, type ImportStateRequest,
  type ImportStateResponseSchema, partsOf, STATE_LIMITS, type StateBackend, type StateEntry,
} from '../../../kernel/contract/index.js'
import { joinedEntries } from './joined-entries.js'
import { StateImport } from './state-import.js'

const PAGE = 500

/** Carries all of a backend's state out and in, a page at a time. What changes meanwhile may or may not be in what was carried. */
export class StateTransfer {
  constructor (private readonly backend: StateBackend) {}

  async * export (
    { prefix, after }: ExportStateRequest, signal: AbortSignal,
  ): AsyncIterable<MessageInitShape<typeof ExportStateResponseSchema>> {
    const [keys, { version }] = await Promise.all([this.backend.count(prefix), this.backend.stats()])
    yield { keys: BigInt(keys), newest: BigInt(version) }
    for await (const entry of this.#entries(prefix, after === '' ? undefined : after, signal)) {
      for (const { part, more } of partsOf(entry.json)) yield { key: entry.key, version: BigInt(entry.version), json: part, more }
    }
  }

  async * digest (
    { prefix }: DigestStateRequest, signal: AbortSignal,
  ): AsyncIterable<MessageInitShape<typeof DigestStateResponseSchema>> {
    yield { keys: BigInt(await this.backend.count(prefix)) }
    for await (const { key, json } of this.#entries(prefix, undefined, signal)) {
      yield { key, sha256: createHash('sha256').update(json).digest() }
    }
  }

  /** Throws `STATE_IMPORT_CONFLICT` and `STATE_IMPORT_INVALID`. */
  async import (
    requests: AsyncIterable<ImportStateRequest>, signal: AbortSignal,
  ): Promise<MessageInitShape<typeof ImportStateResponseSchema>> {
    const run = new StateImport(this.backend)
    for await (const entry of joinedEntries(requests, first => { run.begin(first.existing, Number(first.above)) })) {
      signal.throwIfAborted()
      await run.add(entry)
    }
    await run.flush()
    const { stored, same, kept } = run.counts
    return { stored: BigInt(stored), same: BigInt(same), kept: BigInt(kept) }
  }

  async * #entries (prefix: string, from: string | undefined, signal: AbortSignal): AsyncIterable<StateEntry> {
    let after = from
    for (let more = true; more;) {
      const page = await this.backend.list(prefix, after, Math.min(PAGE, STATE_LIMITS.page))
      for (let at = 0; at < page.keys.length;) {
        signal.throwIfAborted()
        const keys = page.keys.slice(at)
        const values = await this.backend.getMany(keys)
        for (const [i, value] of values.entries()) if (value) yield { key: keys[i] ?? '', ...value }
        at += values.length
      }
      after = page.keys.at(-1)
      more = page.more
    }
  }
}
