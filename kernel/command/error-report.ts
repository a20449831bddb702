import { isCaxtonError, type CaxtonError } from '../contract/errors.js'
import { CommandFailed } from './command-errors.js'
import type { Paint } from './terminal/colours.js'
import { visible, visibleJson } from './terminal/visible-text.js'

/** Any thrown value as a declared error. */
export function declared (error: unknown): CaxtonError {
  if (isCaxtonError(error)) return error
  const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  return CommandFailed({ reason }, { cause: error })
}

/** The trace id under which the server recorded a failure, if it told one. */
export function traceIdOf (error: CaxtonError): string | undefined {
  const details: unknown = error.details
  if (typeof details !== 'object' || details === null || !('traceId' in details)) return undefined
  return typeof details.traceId === 'string' && details.traceId !== '' ? details.traceId : undefined
}

/** An error for people: what happened, what to do, and where to read more. */
export function errorText (thrown: unknown, paint: Paint, debug: boolean): string {
  const error = declared(thrown)
  const traceId = traceIdOf(error)
  const references = [
    `code ${error.code}`, ...(traceId === undefined ? [] : [`trace ${traceId}`]), `caxton explain ${error.code}`,
  ]
  const lines = [
    `${paint('red', 'error:')} ${visibleLines(error.message)}`,
    ...(error.remedy === '' ? [] : [`  ${visibleLines(error.remedy)}`]),
    `  ${paint('dim', visible(references.join(' · ')))}`,
    ...(debug && thrown instanceof Error ? [visibleLines(thrown.stack ?? '')] : []),
  ]
  return `${lines.join('\n')}\n`
}

const visibleLines = (text: string): string => text.split('\n').map(visible).join('\n  ')

/** An error for programs: one JSON document on one line. */
export function errorDocument (thrown: unknown): string {
  const error = declared(thrown)
  const traceId = traceIdOf(error)
  const { code, kind, message, remedy } = error
  const document = { error: { code, kind, message, remedy, ...(traceId === undefined ? {} : { traceId }) } }
  return `${visibleJson(JSON.stringify(document))}\n`
}
