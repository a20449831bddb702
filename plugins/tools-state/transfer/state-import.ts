import {
  isStateKey, StateConflict, StateImportConflict, StateImportInvalid, type StateBackend, type StateChange, type StateEntry, type StateValue,
} from '../../../kernel/contract/index.js'

const BATCH_ENTRIES = 200
const BATCH_BYTES = 4 * 1024 * 1024
/** How often a batch is tried again when somebody changed one of its keys between the look and the commit. */
const MOST_TRIES = 5

/** Stores entries in batches. What is there with the same value is left alone, so doing it all again does nothing. */
export class StateImport {
  readonly counts = { stored: 0, same: 0, kept: 0 }
  #existing: 'refuse' | 'keep' | 'overwrite' = 'refuse'
  #above = 0
  #batch = new Map<string, StateEntry>()
  #bytes = 0

  constructor (private readonly backend: StateBackend) {}

  /** Before the first entry. Throws `STATE_IMPORT_INVALID`. */
  begin (existing: string, above: number): void {
    if (existing !== '' && existing !== 'keep' && existing !== 'overwrite') {
      throw StateImportInvalid({ key: existing, reason: 'is no word for what becomes of existing keys; there is "keep" and "overwrite"' })
    }
    this.#existing = existing === '' ? 'refuse' : existing
    this.#above = above
  }

  async add (entry: StateEntry): Promise<void> {
    const { key, json, version } = entry
    if (!isStateKey(key)) throw StateImportInvalid({ key, reason: 'is no key of agents/NAME/, principals/NAME/ or shared/SPACE/' })
    this.#batch.set(key, entry)
    this.#bytes += json.length
    this.#above = Math.max(this.#above, version)
    if (this.#batch.size >= BATCH_ENTRIES || this.#bytes >= BATCH_BYTES) await this.flush()
  }

  async flush (): Promise<void> {
    const entries = [...this.#batch.values()]
    this.#batch = new Map()
    this.#bytes = 0
    for (let tries = 1; entries.length > 0; tries++) {
      try {
        await this.#store(entries)
        return
      } catch (error) {
        if (!StateConflict.is(error) || tries >= MOST_TRIES) throw error
      }
    }
  }

  async #store (entries: readonly StateEntry[]): Promise<void> {
    const found = await this.#getAll(entries.map(({ key }) => key))
    const changes: StateChange[] = []
    let same = 0
    let kept = 0
    entries.forEach(({ key, json }, i) => {
      const there = found[i]
      if (there?.json === json) same++
      else if (there && this.#existing === 'keep') kept++
      else if (there && this.#existing === 'refuse') throw StateImportConflict({ key })
      else changes.push({ key, json, expected: there?.version ?? 0 })
    })
    if (changes.length > 0) await this.backend.commit(changes, this.#above)
    this.counts.stored += changes.length
    this.counts.same += same
    this.counts.kept += kept
  }

  async #getAll (keys: readonly string[]): Promise<ReadonlyArray<StateValue | undefined>> {
    const values: Array<StateValue | undefined> = []
    while (values.length < keys.length) values.push(...await this.backend.getMany(keys.slice(values.length)))
    return values
  }
}
