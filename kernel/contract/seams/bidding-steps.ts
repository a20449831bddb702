import { OVER, type Deadline, type LateAnswer, type Step } from './protocol.js'
import { outcome, silence, START } from './protocol-steps.js'

/**
 * A call for proposals, as in Contract Net: who is `called` refuses or makes a proposal; who has `proposed` is awarded or
 * rejected; who is awarded (`accepted`) says what became of it. Of any number of proposals any number may be accepted.
 */
export const callForProposals: readonly Step[] = [
  { state: START, role: 'initiator', acts: ['cfp'], to: 'called' },
  { state: 'called', role: 'participant', acts: ['propose'], to: 'proposed' },
  { state: 'called', role: 'participant', acts: ['refuse'], to: 'refused' },
  { state: 'proposed', role: 'initiator', acts: ['accept-proposal'], to: 'accepted' },
  { state: 'proposed', role: 'initiator', acts: ['reject-proposal'], to: 'rejected' },
  ...outcome('accepted'),
]

/**
 * The reply-by of a call closes the round: whoever is silent has refused. That of a proposal says how long it stands: then
 * it has lapsed, and its bidder is told. That of an award says until when the result is wanted.
 */
export const biddingDeadlines: readonly Deadline[] = [
  { state: 'called', to: 'timed-out', tells: 'refuse' },
  { state: 'proposed', to: 'lapsed', tells: 'reject-proposal', whom: 'participant' },
  silence('accepted'),
]

/** States in which a proposal comes too late. */
const CLOSED = ['timed-out', 'lapsed', 'refused', 'rejected', 'done', 'failed', 'cancelled', 'not-understood', OVER]

/** A proposal that comes when the round is closed, and an award or a rejection of one that has lapsed. */
export const lateBids: readonly LateAnswer[] = [
  ...CLOSED.map((state): LateAnswer => ({
    state, role: 'participant', acts: ['propose'], says: 'reject-proposal', code: 'PROPOSAL_LATE',
    reason: 'the call for proposals is closed',
  })),
  {
    state: 'lapsed', role: 'initiator', acts: ['accept-proposal', 'reject-proposal'], says: 'failure', code: 'PROPOSAL_LAPSED',
    reason: 'the proposal stood until its reply-by, which has passed',
  },
]
