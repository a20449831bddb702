import type { ToolAnswer, ToolCall, ToolFailureCode, ToolInfo, ToolResult, Tools } from '../../../kernel/contract/index.js'
import type { ToolsSubject } from '../../kits/tools/subject.js'

const INPUT = { type: 'object' }
export const refused = (code: ToolFailureCode, reason = 'it is so'): ToolResult => ({ ok: false, code, reason })
export const answerIn = (text: string): ToolAnswer => ({ text, structured: undefined, parts: [] })

/** A host of tools without tool servers. */
export class MemoryTools implements Tools {
  list (): readonly ToolInfo[] {
    return ['lab.echo', 'lab.endless', 'lab.failing'].map(name => ({ name, description: '', input: INPUT }))
  }

  async call ({ tool, caller, arguments: given, deadline }: ToolCall, signal: AbortSignal): Promise<ToolResult> {
    if (signal.aborted) return refused('TOOL_CANCELLED')
    if (!this.list().some(({ name }) => name === tool)) return refused('TOOL_NOT_FOUND')
    if (caller.agent !== 'clerk') return refused('TOOL_NOT_GRANTED')
    if (tool === 'lab.failing') return { ok: false, code: 'TOOL_FAILED', reason: 'it failed', details: answerIn('it broke') }
    if (tool === 'lab.echo') return { ok: true, answer: answerIn(String(given['text'])) }
    return await new Promise(resolve => {
      const timer = deadline === 0 ? undefined : setTimeout(() => { resolve(refused('TOOL_TIMEOUT')) }, deadline - Date.now())
      signal.addEventListener('abort', () => {
        clearTimeout(timer)
        resolve(refused('TOOL_CANCELLED'))
      }, { once: true })
    })
  }
}

/** What the kit for tools tries, with these tools. */
export const memoryToolsSubject = (tools: Tools = new MemoryTools()): ToolsSubject =>
  ({ tools, allowed: 'clerk', stranger: 'stranger', echo: 'lab.echo', failing: 'lab.failing', endless: 'lab.endless' })
