import { defineError } from '../contract/index.js'

export const AgentNotFound = defineError({
  code: 'AGENT_NOT_FOUND',
  kind: 'not-found',
  meaning: 'No agent of that name is deployed on this server.',
  remedy: 'See the agents with `caxton agents list`; deploy one with `caxton agents deploy FILE`.',
  sentence: (d: { name: string }) => `there is no agent "${d.name}"`,
})

export const CapabilityNotFound = defineError({
  code: 'CAPABILITY_NOT_FOUND',
  kind: 'not-found',
  meaning: 'No agent that runs on this server offers the capability in a version that was asked for.',
  remedy: 'See what is offered with `caxton capabilities list`, and start or deploy an agent that offers it.',
  sentence: (d: { capability: string }) => `no running agent offers "${d.capability}"`,
})

export const TooManyReceivers = defineError({
  code: 'TOO_MANY_RECEIVERS',
  kind: 'exhausted',
  meaning: 'A message to all who offer a capability, or to a topic, would reach more agents than one message may.',
  remedy: 'Name a version or a narrower topic, or raise `messages.fan_out` in the configuration.',
  sentence: (d: { name: string, limit: number }) => `more than ${d.limit} agents would get the message to "${d.name}"`,
})

export const AgentNotRunning = defineError({
  code: 'AGENT_NOT_RUNNING',
  kind: 'precondition',
  meaning: 'The agent exists but takes no messages: it is stopped, draining, failed or quarantined.',
  remedy: 'See why with `caxton agents inspect NAME`, and start it with `caxton agents start NAME`.',
  sentence: (d: { name: string }) => `the agent "${d.name}" is not running`,
})

export const NodeUnreachable = defineError({
  code: 'NODE_UNREACHABLE',
  kind: 'unavailable',
  meaning: 'The node that hosts the agent can\'t be reached, or the way to it broke while the message was under way.',
  remedy: 'See how the node does with `caxton cluster members`. A message that was under way may have arrived all the same; '
    + 'durable ones go again by themselves.',
  sentence: (d: { name: string }) => `the node that hosts the agent "${d.name}" can't be reached`,
})

export const MessageInvalid = defineError({
  code: 'MESSAGE_INVALID',
  kind: 'invalid',
  meaning: 'A parameter of the message is missing or cannot be what it is.',
  remedy: 'Correct the parameter that is named; docs/agents.md lists them all.',
  sentence: (d: { parameter: string, problem: string }) => `the message's ${d.parameter} is not valid: ${d.problem}`,
})

export const MessageNotKept = defineError({
  code: 'MESSAGE_NOT_KEPT',
  kind: 'unavailable',
  meaning: 'The message was to be kept before it is delivered, but the store did not take it. It was not delivered.',
  remedy: 'Look at the log for what ails the store: a full or slow disk, as a rule. Then send the message again.',
  sentence: (d: { name: string, reason: string }) => `the message to "${d.name}" could not be kept: ${d.reason}`,
})

export const MessageNotUnderstood = defineError({
  code: 'MESSAGE_NOT_UNDERSTOOD',
  kind: 'invalid',
  meaning: 'A message in FIPA\'s string form is not written as SC00070I says; the details name the position and the reason.',
  remedy: 'Correct what stands at that byte, counted from 0; docs/messages.md describes the form.',
  sentence: (d: { position: number, reason: string }) => `the message is not understood at byte ${d.position}: ${d.reason}`,
})

export const MessageTooLarge = defineError({
  code: 'MESSAGE_TOO_LARGE',
  kind: 'invalid',
  meaning: 'The message is larger than its receiver, or this server, accepts.',
  remedy: 'Send less, or raise `agents.message_size` (at most `agents.message_size_max`) in the configuration.',
  sentence: (d: { bytes: number, limit: number }) => `the message has ${d.bytes} bytes, the limit is ${d.limit}`,
})

export const MailboxFull = defineError({
  code: 'MAILBOX_FULL',
  kind: 'exhausted',
  meaning: 'The receiver has as many messages waiting as its mailbox holds, or the queue to its shard is full.',
  remedy: 'Send again later, send less often, or raise `agents.mailbox_messages`.',
  sentence: (d: { name: string }) => `the mailbox of "${d.name}" is full`,
})

export const ActNotLegal = defineError({
  code: 'ACT_NOT_LEGAL',
  kind: 'precondition',
  meaning: 'The protocol of the conversation does not allow this act in its present state, or is not known here.',
  remedy: 'See which protocols are enabled with `caxton plugins list`, and begin with the act that it begins with.',
  sentence: (d: { performative: string, protocol: string }) =>
    `"${d.performative}" is not legal in the protocol "${d.protocol}"`,
})

export const AnswerTimeout = defineError({
  code: 'ANSWER_TIMEOUT',
  kind: 'timeout',
  meaning: 'The agent got the message, but the answer that ends the conversation did not come in time.',
  remedy: 'Wait longer with `--timeout`, or see what the agent does with `caxton agents logs NAME`.',
  sentence: (d: { name: string, milliseconds: number }) =>
    `"${d.name}" did not answer within ${d.milliseconds} ms`,
})

export const TooManyCallers = defineError({
  code: 'TOO_MANY_CALLERS',
  kind: 'exhausted',
  meaning: 'Too many calls wait for answers of agents at the same time.',
  remedy: 'Wait for fewer answers at once, or send without waiting.',
  sentence: (d: { limit: number }) => `${d.limit} calls wait for answers already`,
})

export const TooManyConversations = defineError({
  code: 'TOO_MANY_CONVERSATIONS',
  kind: 'exhausted',
  meaning: 'Callers have so many conversations open that no further one can begin. Silent ones are forgotten after half an hour.',
  remedy: 'Wait for answers, so that conversations end, or send without a protocol.',
  sentence: (_: object) => 'too many conversations of callers are open',
})

export const TooManyWatchers = defineError({
  code: 'TOO_MANY_WATCHERS',
  kind: 'exhausted',
  meaning: 'Too many people or programs watch messages at the same time.',
  remedy: 'End a watch that nobody looks at any more.',
  sentence: (d: { limit: number }) => `messages are watched ${d.limit} times already`,
})

export const MessagesStopping = defineError({
  code: 'MESSAGES_STOPPING',
  kind: 'unavailable',
  meaning: 'The server is about to stop: it takes no more messages and waits for no more answers.',
  remedy: 'Try again when the server is back.',
  sentence: (_: object) => 'the server is about to stop',
})

export const ConversationIdInvalid = defineError({
  code: 'CONVERSATION_ID_INVALID',
  kind: 'invalid',
  meaning: 'The text is not the id of a conversation: `c` and up to 16 hexadecimal digits.',
  remedy: 'Take the id from `caxton conversations list`.',
  sentence: (d: { id: string }) => `"${d.id}" is not the id of a conversation`,
})

export const ConversationNotFound = defineError({
  code: 'CONVERSATION_NOT_FOUND',
  kind: 'not-found',
  meaning: 'No open conversation has the id, and none that ended lately.',
  remedy: 'See the conversations with `caxton conversations list --ended`.',
  sentence: (d: { id: string }) => `there is no conversation "${d.id}"`,
})

export const ConversationOver = defineError({
  code: 'CONVERSATION_OVER',
  kind: 'precondition',
  meaning: 'The conversation has ended already.',
  remedy: 'See how with `caxton conversations show ID`.',
  sentence: (d: { id: string, end: string }) => `the conversation "${d.id}" is over (${d.end})`,
})

export const DeadLetterNotFound = defineError({
  code: 'DEAD_LETTER_NOT_FOUND',
  kind: 'not-found',
  meaning: 'No dead letter of that id is kept: it was replayed, purged, or made room for newer ones.',
  remedy: 'See the letters with `caxton deadletters list`.',
  sentence: (d: { id: string }) => `there is no dead letter "${d.id}"`,
})

export const DeadLetterFilterInvalid = defineError({
  code: 'DEAD_LETTER_FILTER_INVALID',
  kind: 'invalid',
  meaning: 'What is said about which dead letters are meant cannot be.',
  remedy: 'Correct the part that is named; `caxton deadletters list` shows ids and reasons.',
  sentence: (d: { part: string, problem: string }) => `the choice of dead letters has a wrong ${d.part}: ${d.problem}`,
})

export const routingErrors = [
  AgentNotFound, AgentNotRunning, NodeUnreachable, MessageInvalid, MessageNotUnderstood, MessageTooLarge, MailboxFull, ActNotLegal,
  AnswerTimeout, TooManyCallers, TooManyConversations, TooManyWatchers, MessagesStopping, ConversationIdInvalid,
  ConversationNotFound, ConversationOver, DeadLetterNotFound, DeadLetterFilterInvalid, MessageNotKept, CapabilityNotFound,
  TooManyReceivers,
]
