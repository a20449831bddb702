import Database from 'better-sqlite3'
import { StoreDataNewer } from '../../kernel/contract/in-shard.js'
import type { DatabaseOptions } from './database-calls.js'
import type { DatabaseFile } from './database-file.js'
import { StoreFileCorrupt } from './sqlite-store-errors.js'

/** `Cxtn`: tells our files from other SQLite databases. */
const APPLICATION_ID = 0x4378746e
/** Version of the tables below, which hold all others. */
const LAYOUT_VERSION = 1
/** A server that is restarted may have to wait for its predecessor's last breath. */
const LOCK_WAIT_MS = 2000

const LAYOUT = `
  CREATE TABLE caxton_migrations (
    owner TEXT NOT NULL, version INTEGER NOT NULL, summary TEXT NOT NULL, ran_at INTEGER NOT NULL, PRIMARY KEY (owner, version)
  ) WITHOUT ROWID;
  CREATE TABLE caxton_collections (
    id INTEGER PRIMARY KEY AUTOINCREMENT, owner TEXT NOT NULL, name TEXT NOT NULL, UNIQUE (owner, name)
  );
  PRAGMA application_id = ${APPLICATION_ID};
  PRAGMA user_version = ${LAYOUT_VERSION};
`

/**
 * Opens the database, or makes it where there never was one. Throws SQLite's errors and declared ones. Adds to `kept` what must not be
 * collected, also when it throws.
 */
export function openDatabase (file: DatabaseFile, options: DatabaseOptions, kept: object[]): Database.Database {
  file.prepare()
  const database = new Database(file.path, { timeout: LOCK_WAIT_MS })
  kept.push(database)
  try {
    configure(database, kept, options)
    if (isEmpty(database, kept)) begin(database, file)
    else check(database, kept, file, options.check)
    file.mark()
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

function configure (database: Database.Database, kept: object[], options: DatabaseOptions): void {
  // Exclusive: no second process can write, and none can keep us from writing. It must come before the first read.
  database.exec('PRAGMA locking_mode = EXCLUSIVE')
  database.exec('PRAGMA journal_mode = WAL')
  database.exec(`PRAGMA synchronous = ${options.synchronous === 'full' ? 'FULL' : 'NORMAL'}`)
  database.exec(`PRAGMA cache_size = -${Math.ceil(options.cacheBytes / 1024)}`)
  database.exec('PRAGMA temp_store = MEMORY')
  database.exec('PRAGMA trusted_schema = OFF')
  database.exec('PRAGMA cell_size_check = ON')
  database.exec('PRAGMA journal_size_limit = 67108864')
  if (options.maxBytes !== undefined) {
    const page = Number(read(database, kept, 'PRAGMA page_size'))
    database.exec(`PRAGMA max_page_count = ${Math.max(1, Math.floor(options.maxBytes / page))}`)
  }
  database.exec('BEGIN EXCLUSIVE; COMMIT')
}

const isEmpty = (database: Database.Database, kept: object[]): boolean =>
  read(database, kept, 'SELECT count(*) FROM sqlite_schema') === 0
  && read(database, kept, 'PRAGMA application_id') === 0

function begin (database: Database.Database, file: DatabaseFile): void {
  if (file.wasMade()) throw StoreFileCorrupt({ file: file.path, reason: 'it holds no tables, and once did' })
  database.exec(`BEGIN EXCLUSIVE; ${LAYOUT} COMMIT`)
}

function check (database: Database.Database, kept: object[], file: DatabaseFile, thoroughly: boolean): void {
  if (read(database, kept, 'PRAGMA application_id') !== APPLICATION_ID) {
    throw StoreFileCorrupt({ file: file.path, reason: 'it is the database of another program' })
  }
  const version = Number(read(database, kept, 'PRAGMA user_version'))
  if (version > LAYOUT_VERSION) throw StoreDataNewer({ owner: 'store-sqlite', stored: version, known: LAYOUT_VERSION })
  const found = thoroughly ? read(database, kept, 'PRAGMA quick_check(1)') : 'ok'
  if (found !== 'ok') throw StoreFileCorrupt({ file: file.path, reason: String(found) })
}

/** The first value that a statement answers with. The statement is kept. */
function read (database: Database.Database, kept: object[], sql: string): unknown {
  const statement = database.prepare(sql).pluck()
  kept.push(statement)
  return statement.get()
}
