import { create } from '@bufbuild/protobuf'
import { parseAct } from '../acts.js'
import { AclMessageSchema, AgentIdentifierSchema, type AclMessage, type AgentIdentifier } from '../proto/caxton/v1/messages_pb.js'
import { agentNamed, isOnlyName, LATEST_REPLY_BY, mediaTypeOf, onlyName, type FipaAgent, type FipaMessage } from './fipa-message.js'

/**
 * The message that an operation carries. An act that is none reads as `not-understood`, and a time that no date can
 * hold as the nearest that one can.
 */
export function messageOfAcl (acl: AclMessage): FipaMessage {
  const { senderIdentifier, receivers, replyToSet } = acl
  return {
    performative: parseAct(acl.performative) ?? 'not-understood',
    sender: senderIdentifier === undefined ? named(acl.sender)[0] : agentOf(senderIdentifier),
    receivers: receivers.length > 0 ? receivers.map(agentOf) : named(acl.receiver),
    replyTo: replyToSet.length > 0 ? replyToSet.map(agentOf) : named(acl.replyTo),
    content: acl.content,
    mediaType: mediaTypeOf(acl.mediaType),
    language: acl.language,
    encoding: acl.encoding,
    ontology: acl.ontology,
    protocol: acl.protocol,
    conversationId: acl.conversationId,
    replyWith: acl.replyWith,
    inReplyTo: acl.inReplyTo,
    replyBy: Math.min(Math.max(0, Number(acl.replyBy)), LATEST_REPLY_BY),
    user: acl.user,
  }
}

/** The message as an operation carries it; {@link messageOfAcl} gives it back. */
export function aclOfMessage (message: FipaMessage): AclMessage {
  const { sender, receivers, replyTo } = message
  const acl = create(AclMessageSchema)
  acl.performative = message.performative
  acl.sender = sender?.name ?? ''
  acl.receiver = receivers[0]?.name ?? ''
  acl.content = message.content
  acl.mediaType = message.mediaType
  acl.language = message.language
  acl.encoding = message.encoding
  acl.ontology = message.ontology
  acl.protocol = message.protocol
  acl.conversationId = message.conversationId
  acl.replyWith = message.replyWith
  acl.inReplyTo = message.inReplyTo
  acl.replyTo = replyTo[0]?.name ?? ''
  acl.replyBy = BigInt(message.replyBy)
  acl.user = { ...message.user }
  acl.receivers = identifiersOf(receivers)
  acl.replyToSet = identifiersOf(replyTo)
  if (sender !== undefined && !isOnlyName(sender)) acl.senderIdentifier = identifierOf(sender)
  return acl
}

/** A set of agents where a name does not say it all. */
export const identifiersOf = (agents: readonly FipaAgent[]): AgentIdentifier[] =>
  onlyName(agents) === undefined ? agents.map(identifierOf) : []

const named = (name: string): FipaAgent[] => name === '' ? [] : [agentNamed(name)]

const agentOf = ({ name, addresses, resolvers, user }: AgentIdentifier): FipaAgent =>
  ({ name, addresses, resolvers: resolvers.map(agentOf), user })

const identifierOf = ({ name, addresses, resolvers, user }: FipaAgent): AgentIdentifier => create(AgentIdentifierSchema, {
  name, addresses: [...addresses], resolvers: resolvers.map(identifierOf), user: { ...user },
})
