/**
 * Why a message did not reach its receiver, or reached it in vain. The position is the number that crosses threads: the
 * order is frozen. Each is the `code` in the content of the FIPA failure that the sender gets, and the reason of a dead
 * letter.
 */
export const UNDELIVERABLE = [
  'AGENT_NOT_FOUND', 'AGENT_NOT_RUNNING', 'MAILBOX_FULL', 'MESSAGE_TOO_LARGE', 'AGENT_TRAPPED', 'AGENT_OUT_OF_FUEL',
  'AGENT_STACK_OVERFLOW', 'AGENT_OUT_OF_MEMORY', 'AGENT_REJECTED', 'AGENT_REPORTED_FAILURE', 'DEADLINE_PASSED', 'SHARD_BUSY',
  'SHARD_LOST', 'CONVERSATION_UNKNOWN', 'MESSAGE_EXPIRED', 'INITIATOR_GONE', 'CONVERSATION_CANCELLED', 'TOO_MANY_DURABLE',
  'MESSAGE_NOT_KEPT', 'AGENT_RESTARTED', 'NODE_UNREACHABLE', 'AGENT_MOVED', 'MESSAGE_DUPLICATE',
  'MESSAGE_FORBIDDEN', 'MESSAGE_RATE_EXCEEDED',
] as const

export type Undeliverable = typeof UNDELIVERABLE[number]

/** What each reason says to the sender, after the receiver's name. */
export const UNDELIVERABLE_SENTENCES: Readonly<Record<Undeliverable, string>> = {
  AGENT_NOT_FOUND: 'there is no such agent',
  AGENT_NOT_RUNNING: 'the agent is stopped, draining or quarantined',
  MAILBOX_FULL: 'the agent\'s mailbox is full',
  MESSAGE_TOO_LARGE: 'the message is larger than the agent accepts',
  AGENT_TRAPPED: 'the agent trapped while handling the message',
  AGENT_OUT_OF_FUEL: 'the agent used up its fuel while handling the message',
  AGENT_STACK_OVERFLOW: 'the agent overflowed its stack while handling the message',
  AGENT_OUT_OF_MEMORY: 'the agent had no memory for the message',
  AGENT_REJECTED: 'the agent did not take the message',
  AGENT_REPORTED_FAILURE: 'the agent reported a failure',
  DEADLINE_PASSED: 'no answer came before reply-by',
  SHARD_BUSY: 'the queue to the agent\'s shard is full',
  SHARD_LOST: 'the agent\'s shard was restarted',
  CONVERSATION_UNKNOWN: 'the conversation is over or was never opened by its initiator',
  MESSAGE_EXPIRED: 'the message was not handed over within its time to live',
  INITIATOR_GONE: 'whoever began the conversation is gone',
  CONVERSATION_CANCELLED: 'an operator cancelled the conversation',
  TOO_MANY_DURABLE: 'more durable messages wait for the disk than there is room for',
  MESSAGE_NOT_KEPT: 'the message could not be kept',
  AGENT_RESTARTED: 'the agent was restarted before what it did was kept',
  MESSAGE_DUPLICATE: 'the message came before under the same delivery key; its answers go to the conversation that it began then',
  NODE_UNREACHABLE: 'the agent\'s node can\'t be reached',
  AGENT_MOVED: 'another node has the agent by now',
  MESSAGE_FORBIDDEN: 'the policy for agents does not let the sender say this to the agent',
  MESSAGE_RATE_EXCEEDED: 'the sender said this to agents more often than the policy for agents allows',
}
