import type { CaxtonError, ErrorKind } from '../../contract/index.js'

/** What the server was doing when it met the problem, in the order in which a start goes through them. */
export type Phase = 'read' | 'load' | 'configure' | 'check' | 'order' | 'wire' | 'start' | 'drain' | 'stop'

/**
 * One thing that keeps the server, or an optional plugin, from running. Plain data: shown to people and to programs
 * alike.
 */
export interface Problem {
  /** Stable, see the error tables: `CONFIG_INVALID`. */
  readonly code: string
  readonly kind: ErrorKind
  readonly phase: Phase
  /** Names the thing and the place. */
  readonly message: string
  /** What to do about it, as exactly as is known. */
  readonly remedy: string
  /** The plugin's table in the configuration, for a problem of one plugin. */
  readonly instance?: string
  /** The key in the configuration: `plugins.api-grpc.port`. */
  readonly path?: string
  /** The lines of the file around the problem, or those that it lacks. */
  readonly excerpt?: string
  /** What lies beneath, outermost first. */
  readonly causes: readonly string[]
  /** The plugin is optional: the server runs without it. */
  readonly ignored: boolean
}

/** Where a problem was met. */
export interface ProblemPlace {
  readonly phase: Phase
  readonly instance?: string | undefined
  readonly path?: string | undefined
  readonly excerpt?: string | undefined
  /** Replaces the general remedy of the error where a more exact one is known. */
  readonly remedy?: string | undefined
}

/** Makes the problem of an error that was declared and the place where it was met. */
export function problemOf (error: CaxtonError, place: ProblemPlace): Problem {
  const { phase, instance, path, excerpt, remedy } = place
  return {
    code: error.code,
    kind: error.kind,
    phase,
    message: error.message,
    remedy: remedy ?? error.remedy,
    ...instance === undefined ? {} : { instance },
    ...path === undefined ? {} : { path },
    ...excerpt === undefined ? {} : { excerpt },
    causes: causesOf(error.cause),
    ignored: false,
  }
}

const MOST_CAUSES = 8

/** The messages of an error and of what caused it, outermost first; an aggregate's members stand in its place. */
export function causesOf (cause: unknown): string[] {
  const messages: string[] = []
  const waiting: unknown[] = [cause]
  while (waiting.length > 0 && messages.length < MOST_CAUSES) {
    const next = waiting.shift()
    if (next === undefined || next === null) continue
    messages.push(textOf(next))
    if (next instanceof AggregateError) waiting.unshift(...Array.from<unknown>(next.errors))
    if (next instanceof Error) waiting.push(next.cause)
  }
  return messages
}

/** One line for anything that was thrown. */
export function textOf (thrown: unknown): string {
  const text = thrown instanceof Error ? thrown.message || thrown.name : String(thrown)
  return text.split('\n')[0] ?? text
}
