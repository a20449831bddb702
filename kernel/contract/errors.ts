/**
 * What sort of failure an error is, whatever raised it. Faces map kinds to their own words: the gRPC status, the exit
 * code of the command line, later the HTTP status.
 */
export type ErrorKind =
  | 'invalid'         // the request itself is wrong and stays wrong
  | 'not-found'
  | 'exists'
  | 'precondition'    // right request, wrong moment or state
  | 'unauthenticated'
  | 'denied'
  | 'exhausted'       // a limit, a quota, a full queue
  | 'unavailable'     // try again later
  | 'timeout'
  | 'cancelled'
  | 'configuration'   // found before anything started
  | 'internal'

/** One row of an error table: everything that is known about an error before it happens. */
export interface ErrorEntry {
  /** Stable, upper case, never reused: `AGENT_NOT_FOUND`. */
  readonly code: string
  readonly kind: ErrorKind
  /** When it happens, for `caxton explain CODE` and the error reference: one or two sentences. */
  readonly meaning: string
  /** What the reader can do about it: one or two sentences. */
  readonly remedy: string
}

/** An error that Caxton or a plugin declared. Recognised by `code`, never by class, so it survives package copies and the wire. */
export class CaxtonError<D extends object = object> extends Error {
  override readonly name = 'CaxtonError'

  constructor (
    readonly code: string,
    readonly kind: ErrorKind,
    message: string,
    readonly details: D,
    readonly remedy: string,
    options?: ErrorOptions,
  ) {
    super(message, options)
  }
}

/** Makes errors of one code; `is` recognises them also when another copy of this package made them. */
export interface ErrorDefinition<D extends object> extends ErrorEntry {
  (details: D, options?: ErrorOptions): CaxtonError<D>
  is (error: unknown): error is CaxtonError<D>
}

/**
 * Declares an error. `sentence` names the thing and the place from the details; the remedy is shown below it.
 *
 *     export const AgentNotFound = defineError({
 *       code: 'AGENT_NOT_FOUND', kind: 'not-found',
 *       meaning: 'No agent of that name is deployed here.',
 *       remedy: 'List the agents with `caxton agents list`.',
 *       sentence: (d: { name: string }) => `there is no agent "${d.name}"`,
 *     })
 *     throw AgentNotFound({ name })
 */
export function defineError<D extends object> (
  entry: ErrorEntry & { readonly sentence: (details: D) => string },
): ErrorDefinition<D> {
  const { code, kind, meaning, remedy, sentence } = entry
  const make = (details: D, options?: ErrorOptions): CaxtonError<D> =>
    new CaxtonError(code, kind, sentence(details), details, remedy, options)
  const is = (error: unknown): error is CaxtonError<D> => isCaxtonError(error) && error.code === code
  return Object.assign(make, { code, kind, meaning, remedy, is })
}

/** Whether a value is a declared error, of this copy of the package or another. */
export function isCaxtonError (error: unknown): error is CaxtonError {
  return error instanceof Error && error.name === 'CaxtonError' && 'code' in error && typeof error.code === 'string'
}
