import {
  agentNamed, agentSetNotation, LATEST_REPLY_BY, mediaTypeOf, onlyName, readAgentSetText, TEXT_PARAMETERS, type FipaAgent, type FipaMessage,
} from '../../contract/index.js'
import type { FrameFields, GatheredFields, ReadFrame } from './frame.js'

/** Name of a handle's owner, for people and programs outside. */
export type NameOf = (handle: number) => string | undefined

/** The fields that carry a message. Sender and receivers of whom only the name is known need none: they have handles. */
export function fieldsOf (message: FipaMessage): FrameFields {
  const { mediaType, receivers, user } = message
  const fields: GatheredFields = { user }
  for (const name of TEXT_PARAMETERS) if (message[name] !== '') fields[name] = message[name]
  const replyTo = replyToText(message.replyTo)
  if (mediaType !== '') fields.mediaType = mediaType
  if (replyTo !== '') fields.replyTo = replyTo
  if (onlyName(receivers) === undefined) fields.receivers = agentSetNotation(receivers)
  return fields
}

/** The message that a frame carries. A field that should hold agents and does not is taken as if it were not there. */
export function messageOfFrame (frame: ReadFrame, nameOf: NameOf): FipaMessage {
  const { fields } = frame
  const { receivers, replyTo } = fields
  return {
    performative: frame.act,
    sender: agentNamed(nameOf(frame.sender.handle) ?? 'unknown'),
    receivers: agentsOf(receivers) ?? [agentNamed(nameOf(frame.receiver.handle) ?? 'unknown')],
    replyTo: agentsOf(replyTo) ?? (replyTo === undefined ? [] : [agentNamed(replyTo)]),
    replyBy: Math.min(Math.max(0, frame.deadline), LATEST_REPLY_BY),
    content: frame.content,
    mediaType: mediaTypeOf(fields.mediaType ?? ''),
    language: fields.language ?? '',
    encoding: fields.encoding ?? '',
    ontology: fields.ontology ?? '',
    protocol: fields.protocol ?? '',
    conversationId: fields.conversationId ?? '',
    replyWith: fields.replyWith ?? '',
    inReplyTo: fields.inReplyTo ?? '',
    user: fields.user ?? {},
  }
}

/** A name that looks like a set is written as a set, so that it is not taken for one. */
function replyToText (agents: readonly FipaAgent[]): string {
  const name = onlyName(agents)
  return name === undefined || name.startsWith('(') ? agentSetNotation(agents) : name
}

function agentsOf (text: string | undefined): readonly FipaAgent[] | undefined {
  if (text?.startsWith('(') !== true) return undefined
  const read = readAgentSetText(text)
  return read.ok && read.value.length > 0 ? read.value : undefined
}
