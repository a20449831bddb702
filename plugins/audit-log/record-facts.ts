import { createHash, createHmac } from 'node:crypto'
import type { AuditRecord, Secret, SecurityEvent } from '../../kernel/contract/index.js'

/** Longest text of one field; what callers choose must not fill the disk. */
const LONGEST = 1_024

/** What is written of something that happened. */
export type RecordFacts = Readonly<Record<string, unknown>> & { readonly event: string }

/** Puts records into the words of the log. */
export class FactsOfRecords {
  /** A change shows its credential twice: with its intent and with its outcome. */
  readonly #hashes = new WeakMap<Secret, string>()

  /** `key`: of the keyed hashes, this node's alone. */
  constructor (private readonly key: Uint8Array) {}

  of (record: AuditRecord | SecurityEvent): RecordFacts {
    return record.event === 'security' ? this.#ofEvent(record) : this.#ofCall(record)
  }

  /** A keyed hash: equal for equal secrets, and of no use to who has only the log. */
  hashOf (secret: string): string {
    return `hmac-sha256:${createHmac('sha256', this.key).update('credential ').update(secret).digest('hex')}`
  }

  #ofEvent ({ event, what, resource, result, because }: SecurityEvent): RecordFacts {
    return { event, what: cut(what), resource: cut(resource), result, because: optional(because) }
  }

  #ofCall ({ event, operation, changes, resource, principal, origin, trace, result, because, credential }: AuditRecord): RecordFacts {
    const { name, method, roles } = principal
    return {
      event, operation: cut(operation), changes, resource: optional(resource),
      principal: cut(name), method: cut(method), roles: roles.length === 0 ? undefined : roles.slice(0, 32).map(cut),
      address: cut(origin.address), face: cut(origin.face), agent: optional(origin.headers.get('user-agent')),
      trace: trace.traceId, result: optional(result), because: optional(because),
      credential: credential === undefined ? undefined : this.#hashOfSecret(credential),
      certificate: origin.certificate === undefined ? undefined : `sha256:${createHash('sha256').update(origin.certificate).digest('hex')}`,
    }
  }

  #hashOfSecret (secret: Secret): string {
    const hash = this.#hashes.get(secret) ?? this.hashOf(secret.reveal())
    this.#hashes.set(secret, hash)
    return hash
  }
}

const cut = (text: string): string => text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text
const optional = (text: string | undefined): string | undefined => text === undefined || text === '' ? undefined : cut(text)
