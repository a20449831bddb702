import { toJson } from '@bufbuild/protobuf'
import { TOOL_FAILURES, toolError, type CommandContext, type RunCommand } from '../../../kernel/contract/index.js'
import { CallToolResponseSchema, Tools, type CallToolProgress, type CallToolResult } from '../proto/caxton/v1/tools_pb.js'
import { argumentOf, optionOf } from './tool-words.js'

/** `caxton tools call` */
export const run: RunCommand = async context => {
  const name = argumentOf(context, 'TOOL')
  const request = { name, ...await restOf(context), key: optionOf(context, 'key') }
  const connector = await context.connect()
  let result: CallToolResult | undefined
  for await (const answer of connector.serverStream(Tools.method.call, request, context.signal)) {
    const { happened } = answer
    if (happened.case === 'progress' && context.terminal.output === 'human') context.terminal.say(progressText(happened.value))
    else if (happened.case === 'progress') context.terminal.item('', toJson(CallToolResponseSchema, answer))
    else if (happened.case === 'result') result = happened.value
  }
  context.signal.throwIfAborted()
  if (result?.ok !== true) {
    const code = TOOL_FAILURES.find(known => known === result?.code) ?? 'TOOL_FAILED'
    throw toolError(code, { name, reason: result?.reason ?? 'the answer ended early' })
  }
  show(context, result)
  return 0
}

async function restOf (context: CommandContext): Promise<{ readonly arguments: string, readonly timeoutMilliseconds: number }> {
  const word = argumentOf(context, 'ARGUMENTS')
  const given = word === '' ? '' : Buffer.from((await context.words.content(word)).bytes).toString()
  const timeout = optionOf(context, 'timeout')
  return { arguments: given, timeoutMilliseconds: timeout === '' ? 0 : Math.max(1, context.words.duration('`--timeout`', timeout)) }
}

const progressText = ({ progress, total, message }: CallToolProgress): string =>
  `${progress}${total === undefined ? '' : ` of ${total}`}${message === '' ? '' : `: ${message}`}`

/** People get the text, or else what there is; programs all of it. */
function show ({ terminal }: CommandContext, { text, structured, parts }: CallToolResult): void {
  const lines = [text, ...text === '' && structured !== '' ? [structured] : [], ...parts.map(partText)].filter(line => line !== '')
  const data = {
    text, ...structured === '' ? {} : { structured: JSON.parse(structured) as unknown },
    parts: parts.map(part => JSON.parse(part) as unknown),
  }
  if (terminal.output !== 'human') {
    terminal.item('', data)
    return
  }
  for (const line of (lines.join('\n') || '(the tool answered nothing)').split('\n')) terminal.item(line, {})
}

/** An image or a sound is not shown, a link is. */
function partText (part: string): string {
  const { type, mimeType, uri } = JSON.parse(part) as { readonly type?: unknown, readonly mimeType?: unknown, readonly uri?: unknown }
  return `(${[type, mimeType, uri].filter(word => typeof word === 'string').join(' ')})`
}
