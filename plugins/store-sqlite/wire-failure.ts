import Database from 'better-sqlite3'
import {
  type CaxtonError, isCaxtonError, storeErrors, StoreFull, StoreUnavailable,
} from '../../kernel/contract/in-shard.js'
import type { WireFailure } from './database-calls.js'
import { sqliteStoreErrors, StoreDirectoryUnwritable, StoreFileCorrupt, StoreFileLocked } from './sqlite-store-errors.js'

/** Errors lose their class between threads: code and details travel, and the sentence is made anew. */
export function toWire (error: unknown, file: string): WireFailure {
  const declared = declare(error, file)
  return { code: declared.code, details: declared.details, fatal: isFatal(error) }
}

export function fromWire (failure: WireFailure): CaxtonError {
  for (const definition of [...storeErrors, ...sqliteStoreErrors]) {
    // The details were made by this same definition on the other side.
    if (definition.code === failure.code) return (definition as (details: object) => CaxtonError)(failure.details)
  }
  return StoreUnavailable({ reason: failure.code })
}

function declare (error: unknown, file: string): CaxtonError {
  if (isCaxtonError(error)) return error
  if (error instanceof FileGone) return StoreUnavailable({ reason: `${file} is gone or was replaced while it was in use` })
  if (!(error instanceof Database.SqliteError)) return StoreUnavailable({ reason: String(error) })
  const { code, message } = error
  if (message.startsWith('no such table')) return StoreUnavailable({ reason: 'the collection was dropped meanwhile' })
  const reason = `${message} (${code})`
  if (code === 'SQLITE_FULL') return StoreFull({ place: file })
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED')) return StoreFileLocked({ file })
  if (code.startsWith('SQLITE_NOTADB') || code.startsWith('SQLITE_CORRUPT')) return StoreFileCorrupt({ file, reason })
  if (code.startsWith('SQLITE_CANTOPEN') || code.startsWith('SQLITE_READONLY')) {
    return StoreDirectoryUnwritable({ path: file, reason })
  }
  return StoreUnavailable({ reason })
}

/** SQLite's own last words: after them nothing that it says can be relied on. A full disk is none of them. */
const FATAL = ['SQLITE_IOERR', 'SQLITE_NOMEM', 'SQLITE_CORRUPT', 'SQLITE_NOTADB', 'SQLITE_CANTOPEN', 'SQLITE_READONLY']

function isFatal (error: unknown): boolean {
  if (error instanceof FileGone) return true
  return error instanceof Database.SqliteError && FATAL.some(code => error.code.startsWith(code))
}

/** The database file was deleted or replaced while it was open. */
export class FileGone extends Error {}
