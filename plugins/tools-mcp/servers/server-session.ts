import type { ToolAnswer, ToolProgress } from '../../../kernel/contract/index.js'
import type { ToolDefinition } from '../definitions/tool-definition.js'

/** What a server said that it has. */
export interface ToolListing {
  readonly tools: readonly ToolDefinition[]
  /** What of its list can't be used, in words. */
  readonly problems: readonly string[]
  /** For how many milliseconds the list holds; undefined: the server does not say. */
  readonly holds: number | undefined
}

/** What a tool answered. */
export interface SessionAnswer {
  readonly isError: boolean
  readonly answer: ToolAnswer
  /** Bytes of the whole answer as JSON. */
  readonly bytes: number
}

/** Why a server did not carry out what it was asked for. */
export type SessionFailureKind =
  /** It can't be reached any more. */
  | 'gone'
  /** It does not take these arguments, or has no such tool. */
  | 'arguments'
  /** It asks for what nobody here can give: a person's input, a model. */
  | 'input'
  /** It says that it can't, or what it says can't be understood. */
  | 'refused'
  /** It did not carry this one out, and may be there all the same. */
  | 'trouble'

/** Thrown by a {@link ServerSession}, besides the reason of a signal that aborted. */
export class SessionFailure extends Error {
  override readonly name = 'SessionFailure'

  constructor (readonly kind: SessionFailureKind, message: string) {
    super(message)
  }
}

/** A connection to a tool server that works. */
export interface ServerSession {
  /** Revision of MCP that both speak. */
  readonly revision: string
  list (signal: AbortSignal): Promise<ToolListing>
  call (
    tool: string, given: Readonly<Record<string, unknown>>, meta: Readonly<Record<string, unknown>>,
    progress: (progress: ToolProgress) => void, signal: AbortSignal,
  ): Promise<SessionAnswer>
  /** Ends the connection, and the process behind it. May be called more than once. */
  close (): Promise<void>
}

/** Hears what becomes of a session. */
export interface SessionEvents {
  /** It has ended, whoever ended it. Called once. */
  closed (): void
  /** Its tools have changed. */
  changed (): void
  /** The server wrote something for people. */
  said (line: string): void
}

/** Opens a session, or throws why it can't. When the signal aborts, nothing of it is left. */
export type OpenSession = (events: SessionEvents, signal: AbortSignal) => Promise<ServerSession>
