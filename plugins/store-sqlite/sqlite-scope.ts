import {
  checkChanges, checkCollection, checkKey, checkRange,
  type Change, type Entry, type Migration, type Range, type Store,
} from '../../kernel/contract/index.js'
import type { CommitQueue } from './commit-queue.js'
import type { TableId } from './database-calls.js'
import type { DatabaseConnection } from './database-connection.js'
import type { MigrationRunner } from './migration-runner.js'

/** One owner's view. Everything that can be refused is refused here, before it costs others anything. */
export class SqliteScope implements Store {
  #tables: ReadonlyMap<string, TableId> = new Map()

  constructor (
    private readonly owner: string,
    private readonly connection: DatabaseConnection,
    private readonly queue: CommitQueue,
    private readonly migrations: MigrationRunner,
  ) {}

  async migrate (migrations: readonly Migration[]): Promise<void> {
    this.#tables = await this.migrations.run(this.owner, migrations)
  }

  async get (collection: string, key: string): Promise<Uint8Array | undefined> {
    const table = this.#find(collection)
    checkKey(collection, key)
    return await this.connection.call('get', { table, key })
  }

  async * scan (collection: string, range: Range = {}): AsyncIterable<Entry> {
    checkRange(collection, range)
    let rest = range.limit
    let after: string | undefined
    for (let more = rest !== 0; more;) {
      const table = this.#find(collection)
      const rested = rest === undefined ? range : { ...range, limit: rest }
      const page = await this.connection.call('scan', { table, range: rested, after })
      yield * page.entries
      if (rest !== undefined) rest -= page.entries.length
      after = page.entries.at(-1)?.key
      more = page.more && rest !== 0 && after !== undefined
    }
  }

  async count (collection: string): Promise<number> {
    return await this.connection.call('count', { table: this.#find(collection) })
  }

  async commit (changes: readonly Change[]): Promise<void> {
    this.#demandOpen()
    checkChanges(this.owner, this.#tables, changes)
    await this.queue.add(changes, this.#tables)
  }

  #find (collection: string): TableId {
    this.#demandOpen()
    checkCollection(this.owner, this.#tables, collection)
    return this.#tables.get(collection) ?? 0
  }

  #demandOpen (): void {
    if (!this.connection.isOpen) throw this.connection.lost
  }
}
