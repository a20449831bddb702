import type { RunCommand } from '../../contract/command.js'
import {
  Messages, WatchMessagesResponseSchema, type WatchMessagesResponse,
} from '../../contract/proto/caxton/v1/messages_pb.js'
import { cutText } from '../terminal/text-width.js'
import { contentText, jsonOf, messageJson } from './answer-data.js'
import { timeText } from './moment-text.js'

/** Cells of content in a line for people. */
const CONTENT_CELLS = 60

/** `caxton message watch` */
export const run: RunCommand = async context => {
  const { terminal, signal } = context
  const connector = await context.connect()
  const agents = [...context.input.arguments['AGENT'] ?? []]
  if (terminal.interactive) terminal.say('watching; Ctrl-C ends it')
  for await (const seen of connector.serverStream(Messages.method.watch, { agents }, signal)) {
    if (terminal.output === 'human' && seen.skipped > 0n) {
      terminal.say(`${seen.skipped} messages were not shown: there were too many`)
    }
    const data = jsonOf(WatchMessagesResponseSchema, seen)
    terminal.item(watchLine(seen), seen.message === undefined ? data : { ...data, message: messageJson(seen.message) })
  }
  signal.throwIfAborted()
  return 0
}

/** `14:03:07.123 alice → bob  request  {"hello":"world"}`, with the reason if it was not delivered. */
export function watchLine (seen: WatchMessagesResponse): string {
  const { message, outcome } = seen
  const undelivered = outcome === 'delivered' || outcome === '' ? '' : `  ✗ ${outcome}`
  if (message === undefined) return `${timeText(seen.at)} message ${seen.messageId}${undelivered}`
  const road = `${message.sender || '?'} → ${message.receiver || '?'}`
  const content = cutText(contentText(message), CONTENT_CELLS)
  return `${timeText(seen.at)} ${road}  ${message.performative}  ${content}${undelivered}`
}
