import type { CommandContext, CommandInput, RunCommand } from '../../contract/command.js'
import { ACTS, parseAct, type Act } from '../../contract/acts.js'
import { DELIVERY, PRIORITY } from '../../contract/frame-layout.js'
import {
  Messages, SendMessageResponseSchema, type AclMessage, type SendMessageResponse,
} from '../../contract/proto/caxton/v1/messages_pb.js'
import { CommandOptionMisused, CommandValueInvalid } from '../command-errors.js'
import { nearestWords } from '../line/nearest-words.js'
import { duration } from '../line/values.js'
import { contentText, jsonOf, messageJson } from './answer-data.js'
import { isSet, option, wordOf } from './input-words.js'
import { mediaTypeOf, readContent } from './message-content.js'
import { formJson, formLine, wholeMessage } from './message-forms.js'
import { ANSWER_WITHIN, askServer } from './server-call.js'

/** Ways to choose one of several agents, or all of them: docs/messages.md. */
const CHOICES = ['one', 'round', 'hash', 'all']
/** Acts by which an agent says that it did not do what it was asked. */
const NEGATIVE: readonly string[] = ['refuse', 'failure', 'not-understood'] satisfies Act[]

/** `caxton message send` */
export const run: RunCommand = async context => {
  const wait = isSet(context.input, 'wait')
  const { input } = context
  const receipt = isSet(input, 'receipt')
  const waitMilliseconds = wait || receipt ? Math.max(1, duration('`--timeout`', option(input, 'timeout') ?? '30s')) : 0
  const timeToLive = option(input, 'ttl')
  const request = {
    ...await wholeMessage(context) ?? { message: await messageOf(context) }, wait, waitMilliseconds, receipt,
    priority: wordOf(input, 'priority', PRIORITY),
    delivery: wordOf(input, 'delivery', DELIVERY),
    deliveryKey: option(input, 'delivery-key') ?? '',
    ...destinationOf(input),
    // To the server 0 means for ever.
    timeToLiveMilliseconds: timeToLive === undefined ? 0 : Math.max(1, duration('`--ttl`', timeToLive)),
  }
  const answer = await askServer(context, Messages.method.send, request, waitMilliseconds + ANSWER_WITHIN)
  show(context, answer, wait, receipt)
  const last = answer.answers.at(-1)
  return last !== undefined && NEGATIVE.includes(last.performative) ? 1 : 0
}

function show ({ terminal }: CommandContext, answer: SendMessageResponse, wait: boolean, receipt: boolean): void {
  const data = {
    ...jsonOf(SendMessageResponseSchema, answer),
    answers: answer.answers.map(messageJson), aclAnswers: answer.aclAnswers.map(formJson),
  }
  const accepted = answer.duplicate ? 'yes, before, under the same delivery key' : answer.accepted ? 'yes' : ''
  const handled = receipt ? handledText(answer) : ''
  if (terminal.output !== 'human' || !wait) {
    const { messageId, conversationId, traceId } = answer
    const ids = [['message', messageId], ['conversation', conversationId], ['trace', traceId]] as const
    const fields = [...ids, ['accepted', accepted], ['handled', handled]] as const
    // A message outside of any protocol belongs to no conversation.
    terminal.record(fields.filter(([, value]) => value !== ''), data)
    return
  }
  for (const line of answerLines(answer)) terminal.item(line, undefined)
  if (answer.answers.length === 0) terminal.say('the conversation ended without an answer')
  if (answer.accepted) terminal.say(`accepted: ${accepted}`)
  if (receipt) terminal.say(`handled: ${handled}`)
  terminal.say(`conversation ${answer.conversationId} · trace ${answer.traceId}`)
}

const handledText = ({ handled, answers }: SendMessageResponse): string => {
  const failure = answers.at(-1)
  return handled ? 'yes' : failure === undefined ? 'no' : `no: ${contentText(failure)}`
}

/** The answers for people: in the string form where the message was given in it. */
const answerLines = ({ answers, aclAnswers }: SendMessageResponse): readonly string[] =>
  aclAnswers.length > 0 ? aclAnswers.map(formLine) : answers.map(answerLine)

const answerLine = (message: AclMessage): string =>
  `${message.sender} → ${message.performative}  ${contentText(message)}`

/** The message that the options describe. */
async function messageOf ({ input, clock, workingFolder }: CommandContext) {
  const performative = actOf(option(input, 'performative') ?? 'request')
  const content = await readContent(option(input, 'content') ?? '', workingFolder)
  const replyBy = option(input, 'reply-by')
  return {
    performative,
    receiver: receiverOf(input),
    content,
    mediaType: option(input, 'media-type') ?? (content.length === 0 ? '' : mediaTypeOf(content)),
    protocol: protocolOf(input, performative),
    conversationId: option(input, 'conversation') ?? '',
    ontology: option(input, 'ontology') ?? '',
    language: option(input, 'language') ?? '',
    replyBy: replyBy === undefined ? 0n : BigInt(clock.now() + duration('`--reply-by`', replyBy)),
  }
}

function receiverOf (input: CommandInput): string {
  const receiver = option(input, 'to')
  if (receiver !== undefined) return receiver
  if (option(input, 'to-capability') !== undefined || option(input, 'to-topic') !== undefined) return ''
  const problem = 'is missing, and so are `--to-capability`, `--to-topic` and `--acl`'
  throw CommandOptionMisused({ command: 'caxton message send', option: '--to', problem })
}

/** The capability or the topic in place of a receiver, each empty when it is not wanted. */
function destinationOf (input: CommandInput): { readonly toCapability: string, readonly toTopic: string } {
  const capability = option(input, 'to-capability')
  const choice = option(input, 'choice') ?? 'one'
  if (!CHOICES.some(known => known === choice)) {
    throw CommandValueInvalid({
      what: '`--choice`', value: choice, expected: `it is one of ${CHOICES.join(', ')}`, near: nearestWords(choice, CHOICES),
    })
  }
  return { toCapability: capability === undefined ? '' : `${choice}:${capability}`, toTopic: option(input, 'to-topic') ?? '' }
}

function actOf (text: string): Act {
  const act = parseAct(text)
  if (act !== undefined) return act
  throw CommandValueInvalid({
    what: '`--performative`',
    value: text,
    expected: `the acts of FIPA are ${ACTS.join(', ')}`,
    near: nearestWords(text, ACTS),
  })
}

/** A request begins FIPA Request unless the line says otherwise; `none` stands for no protocol. */
function protocolOf (input: CommandInput, performative: Act): string {
  const said = option(input, 'protocol') ?? (performative === 'request' ? 'fipa-request' : 'none')
  return said === 'none' ? '' : said
}
