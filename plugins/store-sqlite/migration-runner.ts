import {
  checkValue, collectionsAfter, StoreDataNewer, StoreMigrationInvalid, type Change, type Clock, type Entry, type Migration,
} from '../../kernel/contract/index.js'
import { BatchGroup } from './batch-group.js'
import type { OwnerState, TableId } from './database-calls.js'
import type { DatabaseConnection } from './database-connection.js'

type Rewrite = NonNullable<Migration['rewrites']>[number]
const UNHEEDED = { done: () => {}, refuse: () => {}, bytes: 0 }

/**
 * Runs migrations, one owner at a time. The functions that rewrite entries can't cross to the worker, so each step is a
 * transaction that stays open there while pages of entries travel here and back; commits wait meanwhile.
 */
export class MigrationRunner {
  #last: Promise<unknown> = Promise.resolve()

  constructor (private readonly connection: DatabaseConnection, private readonly clock: Clock) {}

  /** Resolves to the owner's collections after its newest step. */
  run (owner: string, migrations: readonly Migration[]): Promise<ReadonlyMap<string, TableId>> {
    const run = this.#last.then(() => this.#run(owner, migrations))
    this.#last = run.catch(() => {})
    return run
  }

  async #run (owner: string, migrations: readonly Migration[]): Promise<ReadonlyMap<string, TableId>> {
    const expected = collectionsAfter(owner, migrations)
    let state = await this.connection.call('owner', { owner })
    if (state.version > migrations.length) {
      throw StoreDataNewer({ owner, stored: state.version, known: migrations.length })
    }
    for (const step of migrations.slice(state.version)) state = await this.#step(owner, step)
    const stored = [...state.tables.keys()].sort()
    if (stored.join() !== [...expected].sort().join()) {
      const reason = `they make other collections than are stored (${stored.join(', ')}): a step that ran was changed`
      throw StoreMigrationInvalid({ owner, reason })
    }
    return state.tables
  }

  async #step (owner: string, step: Migration): Promise<OwnerState> {
    const { version, summary, creates = [], drops = [], rewrites = [] } = step
    try {
      const { tables } = await this.connection.call('beginStep', { owner, creates })
      for (const rewrite of rewrites) await this.#rewrite(rewrite, tables)
      return await this.connection.call('endStep', { owner, version, summary, drops, at: this.clock.now() })
    } catch (error) {
      // A worker that is lost has no step to undo, and what was lost with it was not kept.
      await this.connection.call('abortStep', undefined).catch(() => {})
      throw error
    }
  }

  async #rewrite ({ collection, entry }: Rewrite, tables: ReadonlyMap<string, TableId>): Promise<void> {
    const table = tables.get(collection) ?? 0
    let after: string | undefined
    for (let more = true; more;) {
      const page = await this.connection.call('scan', { table, range: {}, after })
      const group = new BatchGroup()
      group.add(page.entries.map(old => changeFor(collection, old, entry)), tables, UNHEEDED)
      const { group: argument, transfer } = group.seal()
      await this.connection.call('rewrite', argument, transfer)
      after = page.entries.at(-1)?.key
      more = page.more && after !== undefined
    }
  }
}

function changeFor (collection: string, old: Entry, entry: Rewrite['entry']): Change {
  const value = entry(old)
  if (value === undefined) return { delete: collection, key: old.key }
  checkValue(collection, old.key, value)
  return { put: collection, key: old.key, value }
}
