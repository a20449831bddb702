import type { ErrorEntry } from '../../kernel/contract/index.js'

/** The codes in what the platform says to acts that come too late, for `caxton explain`. */
export const contractNetErrors: readonly ErrorEntry[] = [
  {
    code: 'PROPOSAL_LATE', kind: 'precondition',
    meaning: 'A proposal came after the call for proposals was closed: its reply-by had passed, or the conversation was over. It was not '
      + 'delivered, its maker got a reject-proposal, and nothing changed.',
    remedy: 'Answer before the reply-by of the call. If the time is too short for the agent, have whoever calls allow more.',
  },
  {
    code: 'PROPOSAL_LAPSED', kind: 'precondition',
    meaning: 'A proposal was accepted or rejected after its own reply-by, until which it stood. Its maker is no longer bound by it, '
      + 'and was not told.',
    remedy: 'Award sooner after the proposals are in, or have the agents make proposals that stand longer.',
  },
]
