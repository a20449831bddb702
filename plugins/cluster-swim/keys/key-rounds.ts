import { ClusterKeyInvalid, ClusterKeyMissing, ClusterKeysOff, ClusterKeyUnknown } from '../cluster-errors.js'
import type { MemberTable } from '../members/member-table.js'
import type { OwnQueries } from '../serf/own-queries.js'
import type { SwimSettings } from '../settings.js'
import { decodeSerfMessage, encodeSerfMessage } from '../wire/serf-codec.js'
import type { KeyResponse } from '../wire/serf-messages.js'
import type { KeyKeeper } from './key-keeper.js'
import { fingerprintOf, parseKey } from './key-text.js'

/** Shortest time that the nodes have for their answers. */
const LEAST_WAIT = 2000

/** How the nodes answered one question. */
export interface KeyRound {
  readonly asked: number
  readonly answered: number
  readonly failures: ReadonlyArray<{ readonly nodeId: string, readonly reason: string }>
}

/** A key by its fingerprint, and how many nodes have it. */
export interface KeyCount {
  readonly fingerprint: string
  readonly nodes: number
  readonly inUse: number
}

interface Answer {
  readonly nodeId: string
  readonly response: KeyResponse
}

/** Changes the keys of all nodes, Serf's agents included, by Serf's key queries. */
export class KeyRounds {
  constructor (
    private readonly keys: KeyKeeper,
    private readonly queries: OwnQueries,
    private readonly table: MemberTable,
    private readonly settings: SwimSettings,
  ) {}

  /** Throws `CLUSTER_KEYS_OFF`. */
  async list (signal: AbortSignal): Promise<{ readonly keys: readonly KeyCount[], readonly round: KeyRound }> {
    const { answers, round } = await this.#ask('list-keys', new Uint8Array(), signal)
    const counts = new Map<string, { nodes: number, inUse: number }>()
    for (const { response } of answers) {
      for (const text of response.keys) {
        const fingerprint = fingerprintOf(Buffer.from(text, 'base64'))
        const count = counts.get(fingerprint) ?? { nodes: 0, inUse: 0 }
        count.nodes += 1
        // Old agents do not say which one is in use: it stands first.
        if (text === (response.primaryKey || response.keys[0])) count.inUse += 1
        counts.set(fingerprint, count)
      }
    }
    const keys = [...counts].map(([fingerprint, count]) => ({ fingerprint, ...count }))
    return { keys: keys.sort((one, other) => other.inUse - one.inUse || (one.fingerprint < other.fingerprint ? -1 : 1)), round }
  }

  /** Throws `CLUSTER_KEYS_OFF`, `CLUSTER_KEY_INVALID`. */
  async install (text: string, signal: AbortSignal): Promise<{ readonly fingerprint: string, readonly round: KeyRound }> {
    const key = parseKey(text)
    if (typeof key === 'string') throw ClusterKeyInvalid({ place: 'what was given', problem: key })
    const { round } = await this.#ask('install-key', key.bytes, signal)
    return { fingerprint: fingerprintOf(key.bytes), round }
  }

  /** Throws `CLUSTER_KEYS_OFF`, `CLUSTER_KEY_UNKNOWN`, and `CLUSTER_KEY_MISSING` while a node that answers has not got it. */
  async use (fingerprint: string, signal: AbortSignal): Promise<KeyRound> {
    const key = this.#find(fingerprint)
    const { answers } = await this.#ask('list-keys', new Uint8Array(), signal)
    const missing = answers.filter(({ response }) => !response.keys.some(text => Buffer.from(text, 'base64').equals(key)))
    if (missing.length > 0) throw ClusterKeyMissing({ fingerprint, nodes: missing.map(({ nodeId }) => nodeId) })
    return (await this.#ask('use-key', key, signal)).round
  }

  /** Throws `CLUSTER_KEYS_OFF`, `CLUSTER_KEY_UNKNOWN`. */
  async remove (fingerprint: string, signal: AbortSignal): Promise<KeyRound> {
    return (await this.#ask('remove-key', this.#find(fingerprint), signal)).round
  }

  #find (fingerprint: string): Buffer {
    const keys = this.keys.list().map(text => Buffer.from(text, 'base64'))
    if (keys.length === 0) throw ClusterKeysOff({})
    const found = keys.find(key => fingerprintOf(key) === fingerprint.toLowerCase())
    if (found === undefined) throw ClusterKeyUnknown({ fingerprint })
    return found
  }

  async #ask (name: string, key: Uint8Array, signal: AbortSignal): Promise<{ readonly answers: Answer[], readonly round: KeyRound }> {
    if (this.keys.list().length === 0) throw ClusterKeysOff({})
    const expected = (): number => this.table.count(({ isUp }) => isUp)
    const asked = expected()
    const wait = Math.max(LEAST_WAIT, this.settings.gossipInterval * 16 * Math.ceil(Math.log10(this.table.size + 1)))
    const payload = encodeSerfMessage({ kind: 'key-request', key })
    const responses = await this.queries.ask(`_serf_${name}`, payload, wait, expected, signal)
    signal.throwIfAborted()
    await this.keys.settled()
    const answers = responses.flatMap(({ from, payload: answer }) => {
      const reading = decodeSerfMessage(answer)
      if (reading.kind !== 'message' || reading.message.kind !== 'key-response') return []
      return [{ nodeId: from, response: reading.message }]
    })
    const failures = answers.filter(({ response }) => !response.succeeded)
      .map(({ nodeId, response }) => ({ nodeId, reason: response.message || 'it gave no reason' }))
    return { answers, round: { asked, answered: answers.length, failures } }
  }
}
