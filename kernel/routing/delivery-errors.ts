import type { ErrorEntry } from '../contract/index.js'

const INSPECT = 'See what the agent said with `caxton agents logs NAME`, how it does with `caxton agents inspect NAME`.'

/**
 * The reasons of `UNDELIVERABLE` that no caller meets as an error: they stand in the content of a `failure`, and in the
 * list of dead letters. Here they have what `caxton explain` says of them.
 */
export const deliveryErrors: readonly ErrorEntry[] = [
  {
    code: 'AGENT_TRAPPED', kind: 'internal',
    meaning: 'The agent crashed while it handled the message; it is started again, or quarantined.',
    remedy: INSPECT,
  },
  {
    code: 'AGENT_OUT_OF_FUEL', kind: 'exhausted',
    meaning: 'The agent did more work for the message than it may; it is started again, or quarantined.',
    remedy: 'Let the agent do less for one message, or deploy it with a higher `--fuel`.',
  },
  {
    code: 'AGENT_STACK_OVERFLOW', kind: 'exhausted',
    meaning: 'The agent called itself too deep while it handled the message; it is started again, or quarantined.',
    remedy: 'Let the agent recurse less deep.',
  },
  {
    code: 'AGENT_OUT_OF_MEMORY', kind: 'exhausted',
    meaning: 'The agent had no memory for the message; it is started again, or quarantined.',
    remedy: 'Let the agent keep less, or deploy it with more `--memory`.',
  },
  {
    code: 'AGENT_REJECTED', kind: 'precondition',
    meaning: 'The agent gave no room for the message. It goes on.',
    remedy: INSPECT,
  },
  {
    code: 'AGENT_REPORTED_FAILURE', kind: 'precondition',
    meaning: 'The agent took the message and then said that it could not handle it. The agent goes on.',
    remedy: INSPECT,
  },
  {
    code: 'DEADLINE_PASSED', kind: 'timeout',
    meaning: 'The answer that the message wanted did not come before its `reply-by`. The conversation is over.',
    remedy: 'Give a later `reply-by`, or see what keeps the agent with `caxton agents logs NAME`.',
  },
  {
    code: 'SHARD_BUSY', kind: 'exhausted',
    meaning: 'The queue to the thread that runs the agent is full.',
    remedy: 'Send again after a pause, or send less often.',
  },
  {
    code: 'SHARD_LOST', kind: 'unavailable',
    meaning: 'The agent\'s thread was started anew, because an agent in it held it longer than `agents.wall_limit`.',
    remedy: 'Send again; the server log names the agent that was quarantined for it.',
  },
  {
    code: 'CONVERSATION_UNKNOWN', kind: 'precondition',
    meaning: 'The message belongs to a conversation that is over or was never opened, or its act is out of turn.',
    remedy: 'Begin a new conversation; docs/messages.md says which acts a conversation allows.',
  },
  {
    code: 'MESSAGE_EXPIRED', kind: 'timeout',
    meaning: 'The time to live that the sender gave the message was over before its agent got to it. It was not handed over.',
    remedy: 'Give it longer (`--ttl`), or a higher `--priority`; `caxton agents inspect NAME` shows how many messages wait.',
  },
  {
    code: 'INITIATOR_GONE', kind: 'unavailable',
    meaning: 'The agent that began the conversation was stopped or removed, or the caller did not survive a restart of the server.',
    remedy: 'Stop the work for it: nobody waits for the answer. `caxton agents list` says whether the agent runs.',
  },
  {
    code: 'CONVERSATION_CANCELLED', kind: 'precondition',
    meaning: 'An operator cancelled the conversation with `caxton conversations cancel`.',
    remedy: 'Stop the work for it; begin a new conversation if it is wanted all the same.',
  },
  {
    code: 'TOO_MANY_DURABLE', kind: 'exhausted',
    meaning: 'More durable messages wait for the disk than there is room for. This one was not accepted.',
    remedy: 'Send again after a pause. If it happens often, the disk is too slow for the load.',
  },
  {
    code: 'MESSAGE_DUPLICATE', kind: 'exists',
    meaning: 'The sender sent this message before under the same delivery key. It is not delivered again, and nobody answers it.',
    remedy: 'Nothing need be done: the first one was accepted. A message that says something else needs a key of its own.',
  },
  {
    code: 'AGENT_RESTARTED', kind: 'unavailable',
    meaning: 'The agent was started anew before what it did for the message was kept; the message is handed in again.',
    remedy: INSPECT,
  },
  {
    code: 'AGENT_MOVED', kind: 'unavailable',
    meaning: 'Another node took the agent over, and the message came from, or went to, where it was before.',
    remedy: 'Send it again: within a second every node knows where the agent is. Durable messages go again by themselves.',
  },
  {
    code: 'MESSAGE_FORBIDDEN', kind: 'denied',
    meaning: 'The policy for agents, in the file that `agents.policy_file` names, forbids the sender to say this to the receiver.',
    remedy: 'If it should be allowed, add a rule before the one that forbids it; the file is read again within seconds.',
  },
  {
    code: 'MESSAGE_RATE_EXCEEDED', kind: 'exhausted',
    meaning: 'The rule of the policy for agents that allows the message allows only so many a second of each sender.',
    remedy: 'Send less often, or raise the `rate` of the rule.',
  },
]
