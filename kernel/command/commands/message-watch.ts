import type { RunCommand, Terminal } from '../../contract/command.js'
import { DELIVERY, PRIORITY } from '../../contract/frame-layout.js'
import {
  Messages, WatchMessagesResponseSchema, type WatchMessagesResponse,
} from '../../contract/proto/caxton/v1/messages_pb.js'
import { cutText } from '../terminal/text-width.js'
import { contentText, jsonOf, messageJson } from './answer-data.js'
import { isSet } from './input-words.js'
import { formJson, formLine, formOf } from './message-forms.js'
import { timeText } from './moment-text.js'

const USUAL_PRIORITY = PRIORITY[1]
/** Cells of content in a line for people. */
const CONTENT_CELLS = 60

/** `caxton message watch` */
export const run: RunCommand = async context => {
  const { terminal, signal } = context
  const connector = await context.connect()
  const agents = [...context.input.arguments['AGENT'] ?? []]
  const inForm = isSet(context.input, 'acl')
  if (terminal.interactive) terminal.say('watching; Ctrl-C ends it')
  for await (const seen of connector.serverStream(Messages.method.watch, { agents }, signal)) {
    if (terminal.output === 'human' && seen.skipped > 0n) {
      terminal.say(`${seen.skipped} messages were not shown: there were too many`)
    }
    show(terminal, seen, inForm)
  }
  signal.throwIfAborted()
  return 0
}

function show (terminal: Terminal, seen: WatchMessagesResponse, inForm: boolean): void {
  const { message } = seen
  const data = jsonOf(WatchMessagesResponseSchema, seen)
  if (message === undefined) {
    terminal.item(watchLine(seen), data)
    return
  }
  const form = inForm ? formOf(message) : undefined
  if (form !== undefined && terminal.output === 'human' && isUndelivered(seen)) terminal.say(`not delivered: ${seen.outcome}`)
  terminal.item(form === undefined ? watchLine(seen) : formLine(form), {
    ...data, message: messageJson(message), ...form === undefined ? {} : formJson(form),
  })
}

const isUndelivered = ({ outcome }: WatchMessagesResponse): boolean => outcome !== 'delivered' && outcome !== ''

/** `14:03:07.123 alice → bob  request  {"hello":"world"}`, with the reason if it was not delivered. */
export function watchLine (seen: WatchMessagesResponse): string {
  const { message, outcome } = seen
  const undelivered = isUndelivered(seen) ? `  ✗ ${outcome}` : ''
  if (message === undefined) return `${timeText(seen.at)} message ${seen.messageId}${undelivered}`
  const road = `${message.sender || '?'} → ${message.receiver || '?'}`
  const content = cutText(contentText(message), CONTENT_CELLS)
  return `${timeText(seen.at)} ${road}  ${message.performative}${termsText(seen)}  ${content}${undelivered}`
}

/** What is not as usual: ` (high, exactly-once, until 14:03:09.123)`. */
function termsText ({ priority, delivery, expiresAt }: WatchMessagesResponse): string {
  const unusual = [
    priority === USUAL_PRIORITY ? '' : priority, delivery === DELIVERY[0] ? '' : delivery,
    expiresAt === 0n ? '' : `until ${timeText(expiresAt)}`,
  ].filter(text => text !== '')
  return unusual.length === 0 ? '' : ` (${unusual.join(', ')})`
}
