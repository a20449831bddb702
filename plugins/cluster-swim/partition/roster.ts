import type { Change, Logger, Store } from '../../../kernel/contract/index.js'
import { fingerprint } from '../members/fingerprint.js'
import { decodeRoster, encodeRoster, isNewer, MOST_RECORDS, type RosterRecord } from './roster-record.js'

export const ROSTER = 'roster'

/**
 * Who belongs to the cluster, whether or not they run: the number that a majority is counted against. It outlives restarts, and
 * is merged with that of every node that is met. Beyond {@link MOST_RECORDS} nodes it takes no new ones.
 */
export class Roster {
  readonly #records = new Map<string, RosterRecord>()
  #admitted = 0
  #digest = 0
  #writing: Promise<void> = Promise.resolve()
  #saidFull = false

  constructor (
    private readonly store: Store,
    private readonly log: Logger,
    /** Of the records that are new to this node. */
    private readonly changed: (records: readonly RosterRecord[]) => void,
  ) {}

  async load (): Promise<void> {
    for await (const { value } of this.store.scan(ROSTER)) {
      for (const record of decodeRoster(value) ?? []) this.#records.set(record.nodeId, record)
    }
    this.#recount()
  }

  /** How many belong to it. */
  get admitted (): number {
    return this.#admitted
  }

  /** How many are known, those included that left or were removed. */
  get known (): number {
    return this.#records.size
  }

  /** Whether it knows of any other node, also of those that are gone. */
  get hasOthers (): boolean {
    return this.#records.size > 1
  }

  /** Equal where two nodes know the same. */
  get digest (): number {
    return this.#digest
  }

  get (nodeId: string): RosterRecord | undefined {
    return this.#records.get(nodeId)
  }

  isAdmitted (nodeId: string): boolean {
    return this.#records.get(nodeId)?.status === 'admitted'
  }

  names (): string[] {
    return [...this.#records.values()].filter(({ status }) => status === 'admitted').map(({ nodeId }) => nodeId)
  }

  /** Decides something anew. */
  decide (nodeId: string, status: RosterRecord['status'], incarnation: number): void {
    const known = this.#records.get(nodeId)
    if (known?.status === status || (known === undefined && this.#isFull(this.#records.size))) return
    this.#take([{ nodeId, status, epoch: (known?.epoch ?? 0) + 1, incarnation }])
  }

  encode (): Uint8Array {
    return encodeRoster([...this.#records.values()])
  }

  merge (records: readonly RosterRecord[]): void {
    const newest = new Map<string, RosterRecord>()
    let strangers = 0
    for (const record of records) {
      // Nobody sends two records of one node, unless it is damaged or means harm.
      const known = newest.get(record.nodeId) ?? this.#records.get(record.nodeId)
      if (known === undefined && this.#isFull(this.#records.size + strangers)) continue
      if (known === undefined) strangers += 1
      if (known === undefined || isNewer(record, known)) newest.set(record.nodeId, record)
    }
    this.#take([...newest.values()])
  }

  async settled (): Promise<void> {
    await this.#writing
  }

  /** Whether there is no room beside so many. More than that could not be told to others either. */
  #isFull (records: number): boolean {
    if (records < MOST_RECORDS) return false
    if (!this.#saidFull) {
      this.log.error(`no more than ${MOST_RECORDS} nodes can be known, those that left or were removed included: further ones do not ` +
        'count for the majority. Give nodes the ids of earlier ones rather than new ids')
    }
    this.#saidFull = true
    return true
  }

  #take (records: readonly RosterRecord[]): void {
    if (records.length === 0) return
    for (const record of records) this.#records.set(record.nodeId, record)
    this.#recount()
    this.#write(records.map(record => ({ put: ROSTER, key: record.nodeId, value: encodeRoster([record]) })))
    this.changed(records)
  }

  #recount (): void {
    this.#admitted = 0
    this.#digest = 0
    for (const { nodeId, status, epoch } of this.#records.values()) {
      if (status === 'admitted') this.#admitted += 1
      this.#digest ^= fingerprint(`${epoch} ${status} ${nodeId}`)
    }
    this.#digest >>>= 0
  }

  #write (changes: Change[]): void {
    this.#writing = this.#writing.then(() => this.store.commit(changes)).catch((error: unknown) => {
      this.log.error('who belongs to the cluster could not be stored: after a restart this node may count its majority wrongly', { error })
    })
  }
}
