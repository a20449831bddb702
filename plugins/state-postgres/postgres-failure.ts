import {
  type CaxtonError, isCaxtonError, StateDatabaseRefused, StateFull, StateTimeout, StateUnavailable,
} from '../../kernel/contract/index.js'

/** SQLSTATE of PostgreSQL, Appendix A: no room on the disk, no memory, too large for a limit of the program. */
const FULL = ['53100', '53200', '54000']
/** Cancelled by `statement_timeout`, by `lock_timeout`, or because the transaction idled. */
const LATE = ['57014', '55P03', '25P03']
/** Authorization, no such database, no such right, no such schema. */
const REFUSED = ['28', '3D', '42501', '3F']

/** What a failure of the driver or the database means. Its messages hold no values and no password. */
export function postgresFailure (error: unknown, { place, timeout }: { readonly place: string, readonly timeout: number }): CaxtonError {
  if (isCaxtonError(error)) return error
  const reason = error instanceof Error ? reasonOf(error) : String(error)
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
  if (FULL.includes(code)) return StateFull({ reason }, { cause: error })
  if (LATE.includes(code) || reason === 'Query read timeout') return StateTimeout({ milliseconds: timeout }, { cause: error })
  if (REFUSED.some(prefix => code.startsWith(prefix))) return StateDatabaseRefused({ place, reason }, { cause: error })
  return StateUnavailable({ reason: `PostgreSQL at ${place}: ${reason}` }, { cause: error })
}

/** Several addresses of one name that all failed come as one error without a message. */
const reasonOf = (error: Error): string =>
  error instanceof AggregateError && error.message === '' ? error.errors.map(String).join('; ') : error.message
