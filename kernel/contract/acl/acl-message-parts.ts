import { create } from '@bufbuild/protobuf'
import { parseAct } from '../acts.js'
import { AclMessageSchema, AgentIdentifierSchema, type AclMessage, type AgentIdentifier } from '../proto/caxton/v1/messages_pb.js'
import { agentNamed, fipaMessage, isOnlyName, LATEST_REPLY_BY, onlyName, type FipaAgent, type FipaMessage } from './fipa-message.js'

/**
 * The message that an operation carries. An act that is none reads as `not-understood`, and a time that no date can
 * hold as the nearest that one can.
 */
export function messageOfAcl (acl: AclMessage): FipaMessage {
  const { $typeName: _, performative, sender, senderIdentifier, receiver, receivers, replyTo, replyToSet, replyBy, ...rest } = acl
  return fipaMessage({
    ...rest,
    performative: parseAct(performative) ?? 'not-understood',
    sender: senderIdentifier === undefined ? named(sender)[0] : agentOf(senderIdentifier),
    receivers: receivers.length > 0 ? receivers.map(agentOf) : named(receiver),
    replyTo: replyToSet.length > 0 ? replyToSet.map(agentOf) : named(replyTo),
    replyBy: Math.min(Math.max(0, Number(replyBy)), LATEST_REPLY_BY),
  })
}

/** The message as an operation carries it; {@link messageOfAcl} gives it back. */
export function aclOfMessage (message: FipaMessage): AclMessage {
  const { sender, receivers, replyTo, replyBy, user, ...rest } = message
  return create(AclMessageSchema, {
    ...rest,
    user: { ...user },
    sender: sender?.name ?? '',
    receiver: receivers[0]?.name ?? '',
    replyTo: replyTo[0]?.name ?? '',
    replyBy: BigInt(replyBy),
    receivers: identifiersOf(receivers),
    replyToSet: identifiersOf(replyTo),
    ...sender === undefined || isOnlyName(sender) ? {} : { senderIdentifier: identifierOf(sender) },
  })
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
