import type { ToolDefinition } from '../../../plugins/tools-mcp/definitions/tool-definition.js'
import {
  SessionFailure, type OpenSession, type ServerSession, type SessionAnswer, type SessionEvents,
} from '../../../plugins/tools-mcp/servers/server-session.js'

export const definitionOf = (name: string, description = ''): ToolDefinition =>
  ({ name, title: '', description, input: { type: 'object' }, output: undefined, hints: undefined })

export const answerOf = (text: string, isError = false): SessionAnswer =>
  ({ isError, answer: { text, structured: undefined, parts: [] }, bytes: text.length })

/** A tool server without a process: the test says what it has and does. */
export class FakeServer {
  /** Times that somebody connected, and that its tools were asked for. */
  opened = 0
  listed = 0
  closed = 0
  isDown = false
  hangs = false
  /** It lists its tools only then. */
  waitsToList: Promise<void> | undefined
  holds: number | undefined
  tools: readonly ToolDefinition[] = [definitionOf('add')]
  readonly calls: Array<{ readonly tool: string, readonly meta: Readonly<Record<string, unknown>> }> = []
  answer: (progress: (done: number) => void, signal: AbortSignal) => Promise<SessionAnswer> = async () => answerOf('5')
  events: SessionEvents | undefined

  readonly open: OpenSession = async (events, signal) => {
    this.opened += 1
    if (this.hangs) await aborted(signal)
    if (this.isDown) throw new Error('nobody listens')
    this.events = events
    return this.session(events)
  }

  private session (events: SessionEvents): ServerSession {
    let isOpen = true
    return {
      revision: '2026-07-28',
      list: async signal => {
        this.listed += 1
        if (this.hangs) await aborted(signal)
        await this.waitsToList
        return { tools: this.tools, problems: [], holds: this.holds }
      },
      call: async (tool, _given, meta, progress, signal) => {
        this.calls.push({ tool, meta })
        return this.answer(done => { progress({ progress: done }) }, signal)
      },
      close: async () => {
        if (!isOpen) return
        isOpen = false
        this.closed += 1
        events.closed()
      },
    }
  }
}

/** Rejects when the signal aborts. */
export async function aborted (signal: AbortSignal): Promise<never> {
  if (!signal.aborted) await new Promise(resolve => { signal.addEventListener('abort', resolve, { once: true }) })
  throw signal.reason
}

export const failing = (kind: SessionFailure['kind']) => async (): Promise<never> => { throw new SessionFailure(kind, 'it says no') }
