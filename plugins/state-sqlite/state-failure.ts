import Database from 'better-sqlite3'
import { type CaxtonError, isCaxtonError, stateErrorOf, StateFull, StateUnavailable } from '../../kernel/contract/in-shard.js'
import { sqliteStateErrors, StateFileUnusable } from './sqlite-state-errors.js'
import type { WireFailure } from './state-calls.js'

/** After these nothing that SQLite says can be relied on. A full disk is none of them. */
const FATAL = ['SQLITE_IOERR', 'SQLITE_NOMEM', 'SQLITE_CORRUPT', 'SQLITE_NOTADB', 'SQLITE_CANTOPEN', 'SQLITE_READONLY']

/** The database file was deleted or replaced while it was open. */
export class StateFileGone extends Error {}

/** Errors lose their class between threads: code and details travel, and the sentence is made anew. */
export function toWire (error: unknown, file: string): WireFailure {
  const { code, details } = declare(error, file)
  return { code, details, fatal: isFatal(error) }
}

export function fromWire ({ code, details }: WireFailure): CaxtonError {
  for (const definition of sqliteStateErrors) {
    // The details were made by this same definition on the other side.
    if (definition.code === code) return (definition as (details: object) => CaxtonError)(details)
  }
  return stateErrorOf(code, details)
}

function declare (error: unknown, file: string): CaxtonError {
  if (isCaxtonError(error)) return error
  if (error instanceof StateFileGone) return StateUnavailable({ reason: `${file} is gone or was replaced while it was in use` })
  if (!(error instanceof Database.SqliteError)) return StateUnavailable({ reason: error instanceof Error ? error.message : String(error) })
  const reason = `${error.message} (${error.code})`
  if (error.code === 'SQLITE_FULL') return StateFull({ reason: `the disk, or max_size of the plugin, is full (${file})` })
  return isFatal(error) ? StateFileUnusable({ file, reason }) : StateUnavailable({ reason })
}

const isFatal = (error: unknown): boolean => error instanceof StateFileGone
  || (error instanceof Database.SqliteError && FATAL.some(code => error.code.startsWith(code)))
