import type { RunCommand } from '../../contract/command.js'
import { DeadLetters } from '../../contract/proto/caxton/v1/deadletters_pb.js'
import type { AclMessage } from '../../contract/proto/caxton/v1/messages_pb.js'
import { contentText } from './answer-data.js'
import { letterJson } from './deadletter-json.js'
import { argument } from './input-words.js'
import { momentText } from './moment-text.js'
import { askServer } from './server-call.js'

type Field = readonly [name: string, value: string]

/** `caxton deadletters show` */
export const run: RunCommand = async context => {
  const { letter } = await askServer(context, DeadLetters.method.get, { id: argument(context.input, 'ID') })
  if (letter === undefined) return 1
  const fields: readonly Field[] = [
    ['id', letter.id], ['failed at', momentText(letter.at)], ['reason', letter.reason], ['trace', letter.traceId],
    ['priority', letter.priority], ['delivery', letter.delivery],
    ['good until', letter.expiresAt === 0n ? '' : momentText(letter.expiresAt)],
    ...letter.message === undefined ? [] : messageFields(letter.message),
  ]
  context.terminal.record(fields.filter(([, value]) => value !== ''), letterJson(letter))
  return 0
}

function messageFields (message: AclMessage): readonly Field[] {
  return [
    ['from', message.sender], ['to', message.receiver], ['act', message.performative], ['protocol', message.protocol],
    ['conversation', message.conversationId], ['reply with', message.replyWith], ['in reply to', message.inReplyTo],
    ['reply by', message.replyBy === 0n ? '' : momentText(message.replyBy)], ['media type', message.mediaType],
    ['ontology', message.ontology], ['language', message.language], ...Object.entries(message.user),
    ['content', contentText(message)],
  ]
}
