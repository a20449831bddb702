import type { ToolCall, ToolInfo, ToolResult, Tools } from '../../../kernel/contract/index.js'

/** Tools that write down how they are called, and answer what the test says; a call of `slow.*` waits until it is withdrawn. */
export class NotingTools implements Tools {
  readonly calls: ToolCall[] = []
  withdrawn = 0
  answer: (call: ToolCall) => ToolResult | Promise<ToolResult> = call =>
    ({ ok: true, answer: { text: JSON.stringify(call.arguments), structured: undefined, parts: [] } })

  async call (call: ToolCall, signal: AbortSignal): Promise<ToolResult> {
    this.calls.push(call)
    if (!call.tool.startsWith('slow.')) return this.answer(call)
    if (!signal.aborted) await new Promise(resolve => { signal.addEventListener('abort', resolve, { once: true }) })
    this.withdrawn += 1
    return { ok: false, code: 'TOOL_CANCELLED', reason: 'withdrawn' }
  }

  list (): readonly ToolInfo[] {
    return []
  }
}
