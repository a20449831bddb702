import type { Clock, ToolCall, ToolFailureCode, ToolResult } from '../../../kernel/contract/index.js'
import type { ToolDefinition } from '../definitions/tool-definition.js'
import type { CircuitBreaker } from '../servers/circuit-breaker.js'
import type { ServerLink } from '../servers/server-link.js'
import { SessionFailure, type ServerSession, type SessionAnswer } from '../servers/server-session.js'
import { CallLimit, type CallTimes } from './call-limit.js'

/** Bounds on the calls to one server. */
export interface DeskLimits extends CallTimes {
  /** Bytes of an answer. */
  readonly resultBytes: number
  /** Calls under way at once. */
  readonly calls: number
}

/** What {@link ServerDesk} works with. */
export interface DeskParts {
  readonly link: ServerLink
  readonly breaker: CircuitBreaker
  readonly limits: DeskLimits
  readonly clock: Clock
  /** Why a tool may not be called as it is defined now, if so. */
  readonly objection: (tool: string, definition: ToolDefinition) => string | undefined
}

/** What a call is sent with. */
type Meta = Readonly<Record<string, unknown>>

export const failed = (code: ToolFailureCode, reason: string): ToolResult => ({ ok: false, code, reason })

const READ_LIMIT = 1_000

/** Carries calls to one server, within its bounds. */
export class ServerDesk {
  /** What it said that it has, by the names that it uses. */
  tools: ReadonlyMap<string, ToolDefinition> = new Map()
  underWay = 0

  constructor (private readonly parts: DeskParts) {}

  get link (): ServerLink {
    return this.parts.link
  }

  get isSpared (): boolean {
    return this.parts.breaker.isOpen(this.parts.clock.elapsed())
  }

  /** `tool`: its name within the server. Never rejects. */
  async call (tool: string, call: ToolCall, meta: Meta, signal: AbortSignal): Promise<ToolResult> {
    const { clock, limits, breaker, link } = this.parts
    const left = call.deadline === 0 ? Infinity : call.deadline - clock.now()
    if (signal.aborted) return failed('TOOL_CANCELLED', 'the call was withdrawn before it was made')
    if (left <= 0) return failed('TOOL_TIMEOUT', 'its time was over before it was made')
    if (this.underWay >= limits.calls) {
      return failed('TOOL_BUSY', `${limits.calls} calls to the server "${link.name}" are under way already`)
    }
    if (!breaker.enter(clock.elapsed())) {
      return failed('TOOL_UNAVAILABLE', `the server "${link.name}" failed too often lately and is spared for a while`)
    }
    this.underWay += 1
    const limit = new CallLimit(clock, { idle: Math.min(limits.idle, left), total: Math.min(limits.total, left) })
    try {
      return await this.carry(tool, call, meta, limit, signal)
    } finally {
      limit.close()
      this.underWay -= 1
    }
  }

  private async carry (tool: string, call: ToolCall, meta: Meta, limit: CallLimit, signal: AbortSignal): Promise<ToolResult> {
    const { link, breaker, objection } = this.parts
    const both = AbortSignal.any([limit.signal, signal])
    const session = await link.ready(both)
    const definition = this.tools.get(tool)
    if (session === undefined || definition === undefined) {
      breaker.abandoned()
      if (signal.aborted) return failed('TOOL_CANCELLED', 'the call was withdrawn')
      if (session !== undefined) return failed('TOOL_NOT_FOUND', `the server "${link.name}" has no tool "${tool}"`)
      return failed('TOOL_UNAVAILABLE', `the server "${link.name}" is not there at the moment`)
    }
    const objected = objection(tool, definition)
    if (objected !== undefined) {
      breaker.abandoned()
      return failed('TOOL_NOT_APPROVED', objected)
    }
    return this.ask(session, tool, call, meta, limit, both, signal)
  }

  private async ask (
    session: ServerSession, tool: string, call: ToolCall, meta: Meta, limit: CallLimit, both: AbortSignal, signal: AbortSignal,
  ): Promise<ToolResult> {
    try {
      const answer = await session.call(tool, call.arguments, meta, progress => {
        limit.moved()
        call.progress?.(progress)
      }, both)
      this.parts.breaker.succeeded()
      return this.resultOf(answer)
    } catch (error) {
      return this.failureOf(error, session, limit, signal)
    }
  }

  private resultOf ({ isError, answer, bytes }: SessionAnswer): ToolResult {
    const { limits: { resultBytes } } = this.parts
    if (bytes > resultBytes) return failed('TOOL_RESULT_TOO_LARGE', `the answer has ${bytes} bytes, of at most ${resultBytes}`)
    if (!isError) return { ok: true, answer }
    const reason = answer.text.slice(0, READ_LIMIT) || 'the tool says that it failed, and not why'
    return { ok: false, code: 'TOOL_FAILED', reason, details: answer }
  }

  private failureOf (error: unknown, session: ServerSession, limit: CallLimit, signal: AbortSignal): ToolResult {
    const { breaker, clock, link } = this.parts
    if (limit.isOver) {
      breaker.failed(clock.elapsed())
      return failed('TOOL_TIMEOUT', `the server "${link.name}" did not answer in time; whether it carried the call out is not known`)
    }
    if (signal.aborted) {
      breaker.abandoned()
      return failed('TOOL_CANCELLED', 'the call was withdrawn')
    }
    const said = (error instanceof Error ? error.message : String(error)).slice(0, READ_LIMIT)
    switch (error instanceof SessionFailure ? error.kind : 'refused') {
      case 'arguments':
        breaker.succeeded()
        return failed('TOOL_ARGUMENTS_INVALID', said)
      case 'input':
        breaker.succeeded()
        return failed('TOOL_FAILED', 'the tool asks for more input, which nobody here can give')
      case 'gone':
        breaker.failed(clock.elapsed())
        link.lost(session, said)
        return failed('TOOL_UNAVAILABLE', `the server "${link.name}" went away; whether it carried the call out is not known`)
      case 'trouble':
      case 'refused':
        breaker.failed(clock.elapsed())
        return failed('TOOL_FAILED', said)
    }
  }
}
