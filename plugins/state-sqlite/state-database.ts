import type Database from 'better-sqlite3'
import { statSync } from 'node:fs'
import {
  prefixEnd, STATE_LIMITS, StateConflict, StateUnavailable, type StateChange, type StateCommit, type StateValue,
} from '../../kernel/contract/in-shard.js'
import { openStateFile } from './open-state-file.js'
import type { BatchOutcome, StateBatch, StateFileOptions, StateService } from './state-calls.js'
import { StateFileGone, toWire } from './state-failure.js'
import { StateStatements } from './state-statements.js'

/** The database, in the worker. Every call blocks until it is done; nothing else runs on this thread. */
export class StateDatabase implements StateService {
  /** What must outlive its use: Node from 24.19 on may abort when it collects an object of better-sqlite3 12 (nodejs/node#65446). */
  readonly #kept: object[] = []
  #opened: { readonly database: Database.Database, readonly statements: StateStatements } | undefined
  #inode: bigint | undefined
  path = ''

  open = (options: StateFileOptions): undefined => {
    this.path = options.file
    const database = openStateFile(options, this.#kept)
    this.#opened = { database, statements: new StateStatements(database, this.#kept) }
    this.#inode = inode(this.path)
  }

  getMany: StateService['getMany'] = keys => {
    const { database, statements } = this.#open()
    return database.transaction(() => {
      const found: Array<StateValue | undefined> = []
      let bytes = 0
      for (const key of keys) {
        const value = statements.get(key)
        bytes += value === undefined ? 0 : Buffer.byteLength(value.json)
        if (bytes > STATE_LIMITS.answerBytes && found.length > 0) break
        found.push(value)
      }
      return found
    })()
  }

  // A page is asked for with one key more, which tells whether there are others.
  list: StateService['list'] = ({ prefix, after, limit }) => {
    const keys = this.#open().statements.keys(prefix, prefixEnd(prefix), after ?? '', limit + 1)
    return { keys: keys.slice(0, limit), more: keys.length > limit }
  }

  count: StateService['count'] = prefix => this.#open().statements.count(prefix, prefixEnd(prefix))

  stats: StateService['stats'] = () => {
    const { statements } = this.#open()
    return { keys: statements.count('', undefined), version: statements.version() }
  }

  commit: StateService['commit'] = batches => {
    // SQLite would go on writing to a file that was deleted, and all of it would be lost at the next start.
    if (inode(this.path) !== this.#inode) throw new StateFileGone()
    try {
      return this.#transact(batches)
    } catch (error) {
      if (toWire(error, this.path).fatal || batches.length === 1) throw error
    }
    return batches.map(batch => this.#alone(batch))
  }

  close = (): undefined => {
    const database = this.#opened?.database
    this.#opened = undefined
    database?.close()
  }

  /** The group could not be stored as a whole: each batch gets a transaction of its own, so that only that one fails. */
  #alone (batch: StateBatch): BatchOutcome {
    try {
      return this.#transact([batch])[0] ?? { failure: toWire(undefined, this.path) }
    } catch (error) {
      return { failure: toWire(error, this.path) }
    }
  }

  #transact (batches: readonly StateBatch[]): BatchOutcome[] {
    const { database } = this.#open()
    database.exec('BEGIN IMMEDIATE')
    try {
      const outcomes = batches.map(batch => this.#attempt(batch))
      database.exec('COMMIT')
      return outcomes
    } catch (error) {
      // SQLite has undone it already when the disk was full or failed.
      if (database.inTransaction) database.exec('ROLLBACK')
      throw error
    }
  }

  /** Nothing of a batch is written before all that it expects was found to hold, so a conflict leaves nothing to undo. */
  #attempt ({ changes, above }: StateBatch): BatchOutcome {
    const { statements } = this.#open()
    const before = changes.map(({ key }) => statements.versionOf(key))
    const conflict = changes.findIndex(({ expected }, i) => expected !== undefined && expected !== before[i])
    const refused = changes[conflict]
    if (refused) {
      const details = { key: refused.key, expected: refused.expected ?? 0, found: before[conflict] ?? 0 }
      return { failure: toWire(StateConflict(details), this.path) }
    }
    const version = statements.nextVersion(above)
    for (const change of changes) apply(statements, change, version)
    const commit: StateCommit = { version, before }
    return { commit }
  }

  #open (): { readonly database: Database.Database, readonly statements: StateStatements } {
    if (!this.#opened) throw StateUnavailable({ reason: 'it is not open' })
    return this.#opened
  }
}

function apply (statements: StateStatements, change: StateChange, version: number): void {
  if ('json' in change) statements.put(change.key, change.json, version)
  else statements.delete(change.key)
}

const inode = (path: string): bigint | undefined => statSync(path, { throwIfNoEntry: false, bigint: true })?.ino
