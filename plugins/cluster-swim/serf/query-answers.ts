import type { MemberRecord } from '../members/member-record.js'
import type { MemberTable } from '../members/member-table.js'
import { OUR_VERSIONS } from '../exchange/version-check.js'
import { decodeSerfMessage, encodeSerfMessage } from '../wire/serf-codec.js'
import type { KeyResponse, Query, SerfMessage, SerfStatus, Tags } from '../wire/serf-messages.js'
import { isMeant } from './query-filters.js'

/** Most bytes of an answer (Serf's `QueryResponseSizeLimit`). */
const LONGEST_ANSWER = 1024
const INTERNAL = '_serf_'

/** What key queries change. Each answers with what went wrong, or undefined. */
export interface KeyHolder {
  install (key: Uint8Array): string | undefined
  use (key: Uint8Array): string | undefined
  remove (key: Uint8Array): string | undefined
  /** In base64, the one in use first; empty without encryption. */
  list (): readonly string[]
}

/** Answers queries that are for this node (Serf §11.5). Those that Serf does not make itself are acknowledged, no more. */
export class QueryAnswers {
  constructor (
    private readonly me: MemberRecord,
    private readonly table: MemberTable,
    private readonly tags: () => Tags,
    private readonly tagsOf: (record: MemberRecord) => Tags,
    private readonly keys: KeyHolder,
    private readonly reply: (query: Query, message: Uint8Array) => void,
  ) {}

  answer (query: Query): void {
    if (!isMeant(query.filters, this.me.name, this.tags())) return
    if (query.wantsAck) this.#send(query, true, new Uint8Array())
    if (!query.name.startsWith(INTERNAL)) return
    const message = this.#message(query.name.slice(INTERNAL.length), query.payload)
    if (message !== undefined) this.#send(query, false, encodeSerfMessage(message))
  }

  #message (name: string, payload: Uint8Array): SerfMessage | undefined {
    switch (name) {
      case 'conflict': return this.#whoIs(new TextDecoder().decode(payload))
      case 'list-keys': return this.#keyResponse(undefined, true)
      case 'install-key': return this.#keyResponse(this.#withKey(payload, key => this.keys.install(key)), false)
      case 'use-key': return this.#keyResponse(this.#withKey(payload, key => this.keys.use(key)), false)
      case 'remove-key': return this.#keyResponse(this.#withKey(payload, key => this.keys.remove(key)), false)
      default: return undefined
    }
  }

  #whoIs (node: string): SerfMessage | undefined {
    const record = this.table.get(node)
    if (record === undefined || record === this.me) return undefined
    const { host, port, versions = OUR_VERSIONS } = record
    return { kind: 'conflict-response', node, host, port, tags: this.tagsOf(record), status: serfStatus(record), versions }
  }

  #withKey (payload: Uint8Array, act: (key: Uint8Array) => string | undefined): string | undefined {
    const reading = decodeSerfMessage(payload)
    if (reading.kind === 'refused' || reading.message.kind !== 'key-request') return 'the request can\'t be read'
    return act(reading.message.key)
  }

  #keyResponse (problem: string | undefined, withList: boolean): KeyResponse {
    const keys = withList ? this.keys.list() : []
    if (withList && keys.length === 0) problem = 'this node has no encryption'
    return { kind: 'key-response', succeeded: problem === undefined, message: problem ?? '', keys, primaryKey: keys[0] ?? '' }
  }

  #send (query: Query, isAck: boolean, payload: Uint8Array): void {
    const { time, id } = query
    const message = encodeSerfMessage({ kind: 'response', time, id, from: this.me.name, isAck, payload })
    if (message.length <= LONGEST_ANSWER) this.reply(query, message)
  }
}

function serfStatus ({ state }: MemberRecord): SerfStatus {
  if (state === 'left') return 'left'
  return state === 'dead' ? 'failed' : 'alive'
}
