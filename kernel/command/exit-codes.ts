import { isCaxtonError, type ErrorKind } from '../contract/errors.js'

/** One exit code, for the help and the reference. */
export interface ExitCode {
  readonly code: number
  readonly name: string
  readonly meaning: string
}

/** Every exit code of the program. Stable: scripts rely on them. */
export const EXIT_CODES: readonly ExitCode[] = [
  { code: 0, name: 'ok', meaning: 'It was done.' },
  {
    code: 1, name: 'failure',
    meaning: 'It failed for none of the reasons below; or an agent answered with refuse, failure or not-understood.',
  },
  {
    code: 2, name: 'usage',
    meaning: 'The request itself is wrong and stays wrong: an unknown option, an unreadable file, a refused module.',
  },
  { code: 3, name: 'not found', meaning: 'The agent, error code or other thing named is not there.' },
  {
    code: 4, name: 'refused',
    meaning: 'The server does not know the caller, or the caller, or a module, may not do this.',
  },
  { code: 5, name: 'unavailable', meaning: 'The server, or what it needs, can\'t be reached now. Try again later.' },
  { code: 6, name: 'timeout', meaning: 'No answer came in time. What was asked for may still happen.' },
  {
    code: 7, name: 'conflict',
    meaning: 'A right request at the wrong moment: the name is taken, the state is wrong, a limit is reached.',
  },
  {
    code: 78, name: 'configuration',
    meaning: 'The configuration, or this installation, is wrong; nothing was started.',
  },
  { code: 130, name: 'interrupted', meaning: 'Stopped by Ctrl-C. By another signal: 128 and its number.' },
]

const EXIT_OF_KIND: Readonly<Record<ErrorKind, number>> = {
  invalid: 2,
  'not-found': 3,
  unauthenticated: 4,
  denied: 4,
  unavailable: 5,
  timeout: 6,
  exists: 7,
  precondition: 7,
  exhausted: 7,
  configuration: 78,
  cancelled: 1,
  internal: 1,
}

/** The exit code for an error: by its kind, and 1 for what nobody declared. */
export function exitCodeOf (error: unknown): number {
  return isCaxtonError(error) && Object.hasOwn(EXIT_OF_KIND, error.kind) ? EXIT_OF_KIND[error.kind] : 1
}
