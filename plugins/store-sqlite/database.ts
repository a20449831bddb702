import type Database from 'better-sqlite3'
import { StoreUnavailable } from '../../kernel/contract/in-shard.js'
import { CollectionTables } from './collection-tables.js'
import type { DatabaseOptions, DatabaseService, WireChange, WireFailure, WireGroup } from './database-calls.js'
import { DatabaseFile } from './database-file.js'
import { openDatabase } from './open-database.js'
import { FileGone, toWire } from './wire-failure.js'

/** The database, in the worker. Every call blocks until it is done; nothing else runs on this thread. */
export class SqliteDatabase implements DatabaseService {
  /** What must outlive its use: Node from 24.19 on may abort when it collects an object of better-sqlite3 12 (nodejs/node#65446). */
  readonly #kept: object[] = []
  #database: Database.Database | undefined
  #tables: CollectionTables | undefined
  #file = new DatabaseFile('')
  #inode: bigint | undefined

  get path (): string {
    return this.#file.path
  }

  /** Whether a migration step is open: commits would become part of its transaction. */
  get isInStep (): boolean {
    return this.#database?.inTransaction ?? false
  }

  open = (options: DatabaseOptions): undefined => {
    this.#file = new DatabaseFile(options.file)
    this.#database = openDatabase(this.#file, options, this.#kept)
    this.#inode = this.#file.inode()
    this.#tables = new CollectionTables(this.#database)
  }

  owner: DatabaseService['owner'] = ({ owner }) => this.#opened().tables.owner(owner)
  get: DatabaseService['get'] = ({ table, key }) => this.#opened().tables.get(table, key)
  count: DatabaseService['count'] = ({ table }) => this.#opened().tables.count(table)
  scan: DatabaseService['scan'] = ({ table, range, after }) => this.#opened().tables.scan(table, range, after)

  commit: DatabaseService['commit'] = ({ batches, values }) => {
    this.#demandFile()
    try {
      this.#transact(batches.flat(), values)
      return undefined
    } catch (error) {
      if (toWire(error, this.path).fatal) throw error
    }
    return this.#commitSingly({ batches, values })
  }

  beginStep: DatabaseService['beginStep'] = ({ owner, creates }) => {
    const { database, tables } = this.#opened()
    this.#demandFile()
    database.exec('BEGIN IMMEDIATE')
    for (const name of creates) tables.create(owner, name)
    return tables.owner(owner)
  }

  rewrite: DatabaseService['rewrite'] = ({ batches, values }) => {
    const { tables } = this.#opened()
    for (const change of batches.flat()) tables.apply(change, values)
    return undefined
  }

  endStep: DatabaseService['endStep'] = step => {
    const { database, tables } = this.#opened()
    for (const name of step.drops) tables.drop(step.owner, name)
    tables.noteStep(step)
    database.exec('COMMIT')
    return tables.owner(step.owner)
  }

  abortStep = (): undefined => {
    const { database } = this.#opened()
    if (database.inTransaction) database.exec('ROLLBACK')
  }

  close = (): undefined => {
    const database = this.#database
    this.#database = undefined
    if (!database) return
    if (database.inTransaction) database.exec('ROLLBACK')
    try {
      database.exec('PRAGMA wal_checkpoint(TRUNCATE)')
    } finally {
      database.close()
    }
  }

  /** One of the batches cannot be stored: each gets a transaction of its own, so that only that one fails. */
  #commitSingly ({ batches, values }: WireGroup): ReadonlyArray<WireFailure | undefined> {
    let fatal: WireFailure | undefined
    return batches.map(batch => {
      if (fatal) return fatal
      try {
        this.#transact(batch, values)
        return undefined
      } catch (error) {
        const failure = toWire(error, this.path)
        if (failure.fatal) fatal = failure
        return failure
      }
    })
  }

  #transact (changes: readonly WireChange[], values: Uint8Array): void {
    const { database, tables } = this.#opened()
    database.exec('BEGIN IMMEDIATE')
    try {
      for (const change of changes) tables.apply(change, values)
      database.exec('COMMIT')
    } catch (error) {
      // SQLite has undone it already when the disk was full or failed.
      if (database.inTransaction) database.exec('ROLLBACK')
      throw error
    }
  }

  /** SQLite would go on writing to a file that was deleted, and all of it would be lost at the next start. */
  #demandFile (): void {
    if (this.#file.inode() !== this.#inode) throw new FileGone()
  }

  #opened (): { database: Database.Database, tables: CollectionTables } {
    if (!this.#database || !this.#tables) throw StoreUnavailable({ reason: 'it is not open' })
    return { database: this.#database, tables: this.#tables }
  }
}
