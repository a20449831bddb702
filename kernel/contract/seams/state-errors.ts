import { type CaxtonError, defineError } from '../errors.js'

export const StateUnavailable = defineError({
  code: 'STATE_UNAVAILABLE',
  kind: 'unavailable',
  meaning: 'The backend of the state tool cannot be reached, has not started, or has stopped. A change that was under way may have '
    + 'been made.',
  remedy: 'Try again later; changes with an expected version can be repeated safely. `caxton server status` says what is wrong with the '
    + 'backend.',
  sentence: (d: { reason: string }) => `state is out of reach: ${d.reason}`,
})

export const StateTimeout = defineError({
  code: 'STATE_TIMEOUT',
  kind: 'timeout',
  meaning: 'The backend of the state tool did not answer in time. A change that was under way may have been made.',
  remedy: 'Retrieve the key to see whether the change was made, or repeat it with an expected version. Raise `timeout` of the backend if '
    + 'it is merely slow.',
  sentence: (d: { milliseconds: number }) => `state did not answer within ${d.milliseconds} ms`,
})

export const StateBusy = defineError({
  code: 'STATE_BUSY',
  kind: 'exhausted',
  meaning: 'More calls wait for the backend of the state tool than it takes at once. Nothing was changed.',
  remedy: 'Try again a little later. If it goes on, the backend is too slow for what agents ask of it.',
  sentence: (d: { waiting: number }) => `${d.waiting} calls wait for the state's backend already`,
})

export const StateFull = defineError({
  code: 'STATE_FULL',
  kind: 'exhausted',
  meaning: 'The backend of the state tool, or the caller\'s key space, has no room left. Nothing was changed.',
  remedy: 'Delete what is not needed any more, or give the backend more room.',
  sentence: (d: { reason: string }) => `there is no room for more state: ${d.reason}`,
})

export const StateConflict = defineError({
  code: 'STATE_CONFLICT',
  kind: 'precondition',
  meaning: 'A key has not the version that the change expected: somebody else has changed it meanwhile. Nothing of the batch was stored.',
  remedy: 'Retrieve the key, decide again with what it holds now, and repeat the change with its new version.',
  sentence: (d: { key: string, expected: number, found: number }) =>
    `"${d.key}" has ${d.found === 0 ? 'no value' : `version ${d.found}`}, not ${d.expected === 0 ? 'none' : `version ${d.expected}`}`,
})

export const StateKeyInvalid = defineError({
  code: 'STATE_KEY_INVALID',
  kind: 'invalid',
  meaning: 'A key or prefix of the state tool breaks the rules for keys. Nothing was changed.',
  remedy: 'Use names of letters, digits and other plain characters, joined by single slashes: `orders/2030/17`.',
  sentence: (d: { reason: string }) => `a key ${d.reason}`,
})

export const StateValueInvalid = defineError({
  code: 'STATE_VALUE_INVALID',
  kind: 'invalid',
  meaning: 'A value is too large or no JSON. Nothing was changed.',
  remedy: 'Split what is larger over several keys.',
  sentence: (d: { key: string, reason: string }) => `the value of "${d.key}" ${d.reason}`,
})

export const StateBatchInvalid = defineError({
  code: 'STATE_BATCH_INVALID',
  kind: 'invalid',
  meaning: 'A batch names too many keys, one key twice, or holds too many bytes; or a page is asked for that is too long. Nothing was '
    + 'changed.',
  remedy: 'Split it into several.',
  sentence: (d: { reason: string }) => `a batch ${d.reason}`,
})

export const StateConnectionUnprotected = defineError({
  code: 'STATE_CONNECTION_UNPROTECTED',
  kind: 'configuration',
  meaning: 'The database of a state backend is on another machine, and the configuration turns TLS off: everybody between could read and '
    + 'change what agents keep.',
  remedy: 'Leave `tls` out of the backend\'s table, and name the authority of the database\'s certificate with `ca`.',
  sentence: (d: { host: string }) => `state would go to ${d.host} without TLS`,
})

export const StateFileUnreadable = defineError({
  code: 'STATE_FILE_UNREADABLE',
  kind: 'configuration',
  meaning: 'A file that a state backend needs for its connection cannot be read.',
  remedy: 'Correct the path in the backend\'s table, or let the user that runs Caxton read it.',
  sentence: (d: { file: string, reason: string }) => `cannot read ${d.file}: ${d.reason}`,
})

export const StateDatabaseRefused = defineError({
  code: 'STATE_DATABASE_REFUSED',
  kind: 'configuration',
  meaning: 'The database of a state backend answers, but not to this user: wrong user, password or database, a right that is missing, or a '
    + 'database that cannot be used.',
  remedy: 'Correct the backend\'s table, or what the database grants; docs/state.md says what it needs.',
  sentence: (d: { place: string, reason: string }) => `the database at ${d.place} refuses: ${d.reason}`,
})

export const stateErrors = [
  StateUnavailable, StateTimeout, StateBusy, StateFull, StateConflict, StateKeyInvalid, StateValueInvalid, StateBatchInvalid,
  StateConnectionUnprotected, StateFileUnreadable, StateDatabaseRefused,
] as const

/** Makes an error anew that crossed a thread: code and details travel, and the sentence is made from them. */
export function stateErrorOf (code: string, details: object): CaxtonError {
  for (const definition of stateErrors) {
    // The details were made by this same definition on the other side.
    if (definition.code === code) return (definition as (details: object) => CaxtonError)(details)
  }
  return StateUnavailable({ reason: code })
}
