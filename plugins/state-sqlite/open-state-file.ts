import Database from 'better-sqlite3'
import { closeSync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import { StateFileNewer, StateFileUnusable } from './sqlite-state-errors.js'
import type { StateFileOptions } from './state-calls.js'

/** `Cxst`: tells our files from other SQLite databases. */
const APPLICATION_ID = 0x43787374
const LAYOUT_VERSION = 1
/** A server that is restarted may have to wait for its predecessor's last breath, or for a backup. */
const LOCK_WAIT_MS = 2000

const LAYOUT = `
  CREATE TABLE state (key TEXT NOT NULL PRIMARY KEY, json TEXT NOT NULL, version INTEGER NOT NULL);
  CREATE TABLE state_version (one INTEGER PRIMARY KEY CHECK (one = 1), version INTEGER NOT NULL);
  INSERT INTO state_version VALUES (1, 0);
  PRAGMA application_id = ${APPLICATION_ID};
  PRAGMA user_version = ${LAYOUT_VERSION};
`

/**
 * Opens the database, or makes it where there is none. Throws SQLite's errors and declared ones. Adds to `kept` what must not be
 * collected, also when it throws.
 */
export function openStateFile (options: StateFileOptions, kept: object[]): Database.Database {
  const { file } = options
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
    // SQLite gives the files beside it the same mode: what agents keep is nobody else's to read.
    closeSync(openSync(file, 'a+', 0o600))
  } catch (error) {
    throw StateFileUnusable({ file, reason: error instanceof Error ? error.message : String(error) }, { cause: error })
  }
  const database = new Database(file, { timeout: LOCK_WAIT_MS })
  kept.push(database)
  try {
    prepare(database, kept, options)
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

function prepare (database: Database.Database, kept: object[], { file, synchronous, maxBytes }: StateFileOptions): void {
  const application = read(database, kept, 'PRAGMA application_id')
  const isEmpty = read(database, kept, 'SELECT count(*) FROM sqlite_schema') === 0 && application === 0
  if (!isEmpty && application !== APPLICATION_ID) throw StateFileUnusable({ file, reason: 'it is the database of another program' })
  const stored = Number(read(database, kept, 'PRAGMA user_version'))
  if (stored > LAYOUT_VERSION) throw StateFileNewer({ file, stored, known: LAYOUT_VERSION })
  database.exec('PRAGMA journal_mode = WAL')
  database.exec(`PRAGMA synchronous = ${synchronous === 'full' ? 'FULL' : 'NORMAL'}`)
  database.exec('PRAGMA temp_store = MEMORY')
  database.exec('PRAGMA trusted_schema = OFF')
  database.exec('PRAGMA journal_size_limit = 67108864')
  if (maxBytes !== undefined) {
    const page = Number(read(database, kept, 'PRAGMA page_size'))
    database.exec(`PRAGMA max_page_count = ${Math.max(1, Math.floor(maxBytes / page))}`)
  }
  if (isEmpty) database.exec(`BEGIN IMMEDIATE; ${LAYOUT} COMMIT`)
}

/** The first value that a statement answers with. The statement is kept. */
function read (database: Database.Database, kept: object[], sql: string): unknown {
  const statement = database.prepare(sql).pluck()
  kept.push(statement)
  return statement.get()
}
