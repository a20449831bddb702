import { HOST_RESULTS, type AclMessage, type CaxtonError } from '../../contract/index.js'
import { readQuery } from '../capabilities/capability-table.js'
import type { Directory } from '../directory/directory.js'
import type { Address, FrameFields } from '../frames/frame.js'
import type { Recipients } from '../directory/recipients.js'
import { CONDITION, type Condition, type RouteTable } from '../directory/route-table.js'
import {
  ActNotLegal, AgentNotFound, AgentNotRunning, CapabilityNotFound, MailboxFull, MessageInvalid, NodeUnreachable, TooManyConversations,
  TooManyReceivers,
} from '../routing-errors.js'
import type { SendTerms } from './send-terms.js'
import { isTopic } from '../topics/topic-pattern.js'

const NOBODY: Address = { handle: 0, generation: 0 }

/** Where a caller's message goes: to an agent, to whoever offers a capability, or to the subscribers of a topic. */
export interface Destination {
  readonly kind: 'agent' | 'capability' | 'topic'
  /** What it is called in errors. */
  readonly name: string
  readonly receiver: Address
  readonly fields: Pick<FrameFields, 'toCapability' | 'toTopic'>
}

/**
 * Reads where a message goes: to each of the agents with these names, or to what the terms name. Throws `MESSAGE_INVALID`, or
 * `AGENT_NOT_FOUND`.
 */
export function destinationsOf (names: readonly string[], terms: SendTerms, directory: Directory): readonly Destination[] {
  const given = [names.join(''), terms.toCapability, terms.toTopic].filter(text => text !== '')
  if (given.length === 0) throw MessageInvalid({ parameter: 'receiver', problem: 'it is missing' })
  if (given.length > 1) {
    throw MessageInvalid({ parameter: 'receiver', problem: 'give either an agent, or a capability, or a topic' })
  }
  return names.length === 0 ? [elsewhere(terms)] : names.map(name => agentDestination(name, directory))
}

/** An agent as a destination. Throws `AGENT_NOT_FOUND`. */
export function agentDestination (name: string, directory: Directory): Destination {
  const receiver = directory.receiver(name)
  if (receiver === undefined) throw AgentNotFound({ name })
  return { kind: 'agent', name, receiver, fields: {} }
}

function elsewhere ({ toCapability, toTopic }: SendTerms): Destination {
  if (toCapability !== '') {
    const query = readQuery(toCapability)
    if (query !== undefined) {
      return { kind: 'capability', name: toCapability.slice(query.choice.length + 1), receiver: NOBODY, fields: { toCapability } }
    }
    const problem = `"${toCapability.slice(0, 64)}" is not one, round, hash or all, ":", a name, and at most "@" and a version such as ^1.2`
    throw MessageInvalid({ parameter: 'capability', problem })
  }
  if (isTopic(toTopic)) return { kind: 'topic', name: toTopic, receiver: NOBODY, fields: { toTopic } }
  const problem = `"${toTopic.slice(0, 64)}" is not words of printable ASCII without "*" and "#", divided by dots`
  throw MessageInvalid({ parameter: 'topic', problem })
}

/** Why a message could not be sent, from the code of `HOST_RESULTS` that the post answered. */
export function refusalOf (
  result: number, message: AclMessage, { kind, name, receiver }: Destination, recipients: Recipients, routes: RouteTable,
): CaxtonError {
  switch (result) {
    case HOST_RESULTS.full: return MailboxFull({ name })
    case HOST_RESULTS.quota:
      return recipients.areTooMany ? TooManyReceivers({ name, limit: recipients.limit }) : TooManyConversations({})
    case HOST_RESULTS.malformed: return ActNotLegal({ performative: message.performative, protocol: message.protocol })
    default:
      if (kind === 'capability') return CapabilityNotFound({ capability: name })
      return notTaking(routes.condition(receiver.handle), name)
  }
}

function notTaking (condition: Condition, name: string): CaxtonError {
  if (condition === CONDITION.unreachable) return NodeUnreachable({ name })
  return condition === CONDITION.free ? AgentNotFound({ name }) : AgentNotRunning({ name })
}
