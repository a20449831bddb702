import type { TraceContext } from '../observe.js'
import { token, tokenMany } from '../token.js'

/** The pipe to a tool server of this process, as one host sees it. Messages are JSON-RPC 2.0 objects of MCP, one in each. */
export interface ToolServerConnection {
  /** Hands a message to the server. Rejects once the connection is closed. */
  send (message: object): Promise<void>
  /** Says who takes what the server says, in order. Called once, before the first {@link send}. The taker must not throw. */
  onMessage (take: (message: object) => void): void
  /** Called once when the connection has ended, from either side. Set before the first {@link send}. */
  onClose (ended: () => void): void
  /** Ends the connection, and whatever the server still does for it. May be called more than once. */
  close (): Promise<void>
}

/**
 * A tool server inside this process: a real MCP server behind an in-memory pipe. The host of tools connects to each as to any other
 * server, under the name of the plugin's instance, and says in `_meta` of each `tools/call`, under {@link CALLER_KEY}, who calls. It
 * never hands on such a key that came from outside.
 */
export interface ToolServer {
  /** Opens one connection for the host, which closes it. Called when somebody first wants a tool, and again after an end. */
  connect (): Promise<ToolServerConnection>
}

/** Where a server of this process finds a {@link ToolCaller} in the `_meta` of a `tools/call`. */
export const CALLER_KEY = 'caxton/caller'
/** Where any server finds the idempotency key ({@link ToolCall.key}) in the `_meta` of a `tools/call`. */
export const IDEMPOTENCY_KEY = 'caxton/idempotency-key'

/** The `ontology` of a tool's answer to an agent. The platform says it: no agent can forge it. */
export const TOOL_ONTOLOGY = 'caxton-tool'

/** Who calls a tool: an agent, or somebody by an operation. One of the two is there. */
export interface ToolCaller {
  /** The agent's name. */
  readonly agent?: string
  /** The principal's name, as in the audit log. */
  readonly principal?: string
}

/** One call of a tool. */
export interface ToolCall {
  /** `SERVER.TOOL`: what stands before the first dot is the server. */
  readonly tool: string
  readonly caller: ToolCaller
  /** A JSON object. */
  readonly arguments: Readonly<Record<string, unknown>>
  /**
   * Calls with the same key of the same caller are the same call, made again because it is not known whether it was carried out: a
   * server that can do so carries it out once. 1 to 256 characters.
   */
  readonly key: string
  readonly trace: TraceContext
  /** Wall-clock time in milliseconds after which nobody waits for the answer; 0: only the host's own limits count. */
  readonly deadline: number
  /** Hears how far a long call is. Must not block or throw. */
  readonly progress?: (progress: ToolProgress) => void
}

/** How far a call is. `total` is there when the server knows it. */
export interface ToolProgress {
  readonly progress: number
  readonly total?: number
  readonly message?: string
}

/**
 * Why a call has no result:
 *
 * * `TOOL_NOT_FOUND`: no server of that name is configured, or it has no such tool;
 * * `TOOL_NOT_GRANTED`: the caller may not call it, or not with these arguments;
 * * `TOOL_NOT_APPROVED`: its definition is not the one that the operator agreed to;
 * * `TOOL_ARGUMENTS_INVALID`: the arguments are no JSON object, or not what the tool takes;
 * * `TOOL_BUSY`: too many calls are under way, of this caller, to this server or at all; nothing was done, try again later;
 * * `TOOL_UNAVAILABLE`: its server can't be reached at the moment, or failed too often lately; try again later;
 * * `TOOL_TIMEOUT`: no answer came in time; whether it was carried out is not known;
 * * `TOOL_CANCELLED`: the caller withdrew the call, or is gone, or the server stops;
 * * `TOOL_RESULT_TOO_LARGE`: it answered with more than may be taken;
 * * `TOOL_FAILED`: the tool itself says that it failed; `details` is what it said.
 */
export const TOOL_FAILURES = [
  'TOOL_NOT_FOUND', 'TOOL_NOT_GRANTED', 'TOOL_NOT_APPROVED', 'TOOL_ARGUMENTS_INVALID', 'TOOL_BUSY', 'TOOL_UNAVAILABLE', 'TOOL_TIMEOUT',
  'TOOL_CANCELLED', 'TOOL_RESULT_TOO_LARGE', 'TOOL_FAILED',
] as const
export type ToolFailureCode = typeof TOOL_FAILURES[number]

/** What a tool answered, in the words of MCP's tool result. */
export interface ToolAnswer {
  /** All its text parts, one below the other; may be empty. */
  readonly text: string
  /** Its structured content: any JSON value. Undefined when it has none. */
  readonly structured: unknown
  /** Its parts that are no text, such as images and links, as MCP has them. */
  readonly parts: readonly object[]
}

/** What came of a call. Always one of the two: a call never rejects. */
export type ToolResult =
  | { readonly ok: true, readonly answer: ToolAnswer }
  | {
    readonly ok: false
    readonly code: ToolFailureCode
    /** One plain sentence. Says nothing that the caller may not know. */
    readonly reason: string
    /** Of `TOOL_FAILED`: what the tool answered. */
    readonly details?: ToolAnswer
  }

/** A tool, as far as those who choose among tools need to know it. */
export interface ToolInfo {
  /** `SERVER.TOOL` */
  readonly name: string
  readonly description: string
  /** JSON Schema of its arguments. */
  readonly input: unknown
}

/** What agents may call outside. Called by the kernel in the main thread; nothing blocks. */
export interface Tools {
  /**
   * Calls a tool. The host checks whether this caller may, and bounds time and size. Never rejects.
   *
   * @param signal Aborts when the caller does not want the answer any more; the result is `TOOL_CANCELLED` then.
   */
  call (call: ToolCall, signal: AbortSignal): Promise<ToolResult>
  /** Tools that can be called now, by name. */
  list (): readonly ToolInfo[]
}

export const ToolsToken = token<Tools>('caxton/tools@1')
export const ToolServers = tokenMany<ToolServer>('caxton/tool-server@1')
