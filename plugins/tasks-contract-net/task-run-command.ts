import type { CommandContext, RunCommand } from '../../kernel/contract/index.js'
import { Tasks, type RunTaskResponse, type TaskOutcome } from './proto/caxton/v1/tasks_pb.js'
import { TaskInvalid } from './task-errors.js'

const PROTOCOLS = ['contract-net', 'fipa-contract-net']

/** `caxton task run` */
export const run: RunCommand = async context => {
  const request = await requestOf(context)
  const connector = await context.connect()
  let outcome: TaskOutcome | undefined
  for await (const happened of connector.serverStream(Tasks.method.run, request, context.signal)) {
    outcome = happened.outcome
    context.terminal.item(outcome === undefined ? eventLine(happened) : outcomeLine(outcome), eventData(happened))
  }
  context.signal.throwIfAborted()
  return outcome !== undefined && outcome.delivered.length > 0 ? 0 : 1
}

async function requestOf ({ input, words }: CommandContext) {
  const option = (name: string): string => {
    const value = input.options[name]
    return value === undefined || value === true ? '' : value[0] ?? ''
  }
  const protocol = option('protocol')
  if (protocol !== '' && !PROTOCOLS.includes(protocol)) {
    throw TaskInvalid({ part: 'protocol', problem: `"${protocol}" is not contract-net` })
  }
  const to = input.options['to']
  const { bytes, mediaType } = await words.content(option('content'))
  return {
    to: (to === undefined || to === true ? [] : to).flatMap(names => names.split(',')).map(name => name.trim()).filter(name => name !== ''),
    content: bytes,
    mediaType: option('media-type') || mediaType,
    deadlineMilliseconds: option('deadline') === '' ? 0 : Math.max(1, words.duration('`--deadline`', option('deadline'))),
    resultMilliseconds: option('timeout') === '' ? 0 : Math.max(1, words.duration('`--timeout`', option('timeout'))),
    ...option('awards') === '' ? {} : { awards: words.wholeNumber('`--awards`', option('awards'), 0, 10_000) },
    choose: option('choose'),
  }
}

/** `bob      refused   {"why":"too far"}`, with the code if it was not bob who said so. */
const eventLine = ({ event, agent, content, reason }: RunTaskResponse): string =>
  `${agent.padEnd(16)} ${event.padEnd(14)} ${reason === '' ? textOf(content) : reason}`.trimEnd()

function outcomeLine ({ called, proposed, refused, awarded, delivered, failed }: TaskOutcome): string {
  const results = [
    ...delivered.length > 0 ? [`delivered by ${delivered.join(', ')}`] : ['delivered by nobody'],
    ...failed.length > 0 ? [`failed: ${failed.join(', ')}`] : [],
  ]
  return `${called} called, ${proposed} proposed, ${refused} refused, ${awarded} awarded; ${results.join('; ')}`
}

function eventData ({ event, agent, content, mediaType, reason, conversationId, outcome }: RunTaskResponse): object {
  if (outcome !== undefined) {
    const { called, proposed, refused, awarded, delivered, failed } = outcome
    return { event, conversationId, outcome: { called, proposed, refused, awarded, delivered, failed } }
  }
  return { event, agent, content: textOf(content), mediaType, reason, conversationId }
}

/** Content as text; bytes that are no text are counted. */
function textOf (content: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(content)
  } catch {
    return `(${content.length} bytes)`
  }
}
