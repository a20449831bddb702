import { type CaxtonError, isCaxtonError, StateDatabaseRefused, StateFull, StateUnavailable } from '../../kernel/contract/index.js'

/** The first word of Redis's errors: no such user, wrong password, password missing, command or key not allowed. */
const REFUSED = ['WRONGPASS', 'NOAUTH', 'NOPERM']

/** What a failure of the driver or the database means. Its messages hold no values and no password. */
export function redisFailure (error: unknown, place: string): CaxtonError {
  if (isCaxtonError(error)) return error
  const reason = error instanceof Error ? reasonOf(error) : String(error)
  const [word = ''] = reason.split(' ', 1)
  if (word === 'OOM' || reason.includes('OOM command not allowed')) return StateFull({ reason }, { cause: error })
  if (REFUSED.includes(word) || reason.includes('invalid DB index') || reason.includes('DB index is out of range')) {
    return StateDatabaseRefused({ place, reason }, { cause: error })
  }
  return StateUnavailable({ reason: `Redis at ${place}: ${reason}` }, { cause: error })
}

/** Several addresses of one name that all failed come as one error without a message. */
const reasonOf = (error: Error): string =>
  error instanceof AggregateError && error.message === '' ? error.errors.map(String).join('; ') : error.message
