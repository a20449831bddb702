import { ITERATED_CONTRACT_NET_PROTOCOL } from '../../../../plugins/protocol-iterated-contract-net/iterated-contract-net-protocol.js'
import { everyCell } from '../../../support/protocols/every-cell.js'
import { cancelling, OPEN, type ExpectedProtocol } from '../../../support/protocols/expected.js'
import { randomHistories } from '../../../support/protocols/random-histories.js'

const FINAL = ['refused', 'rejected', 'done', 'failed', 'cancelled', 'not-understood', 'timed-out', 'lapsed']

/** FIPA SC00030H. */
const EXPECTED: ExpectedProtocol = {
  name: 'fipa-iterated-contract-net', specification: 'FIPA SC00030H',
  legal: {
    start: { initiator: { cfp: 'called' } },
    called: { ...OPEN, participant: { ...OPEN.participant, propose: 'proposed', refuse: 'refused' } },
    proposed: {
      ...OPEN,
      initiator: { ...OPEN.initiator, 'accept-proposal': 'accepted', 'reject-proposal': 'rejected', 'cfp': 'called' },
    },
    accepted: { ...OPEN, participant: { ...OPEN.participant, failure: 'failed', inform: 'done' } },
    cancelling: cancelling({ propose: 'cancelling', refuse: 'refused' }),
  },
  final: FINAL,
  deadlines: [
    ['called', 'timed-out', 'initiator', 'refuse'],
    ['proposed', 'lapsed', 'participant', 'reject-proposal'],
    ['accepted', 'timed-out', 'initiator', 'failure'],
    ['cancelling', 'timed-out', 'initiator', 'failure'],
  ],
  late: [
    ...[...FINAL, 'over'].map(state => [state, 'participant', 'propose', 'reject-proposal', 'PROPOSAL_LATE'] as const),
    ['lapsed', 'initiator', 'accept-proposal', 'failure', 'PROPOSAL_LAPSED'],
    ['lapsed', 'initiator', 'reject-proposal', 'failure', 'PROPOSAL_LAPSED'],
  ],
}

everyCell(ITERATED_CONTRACT_NET_PROTOCOL, EXPECTED)
randomHistories(ITERATED_CONTRACT_NET_PROTOCOL, EXPECTED)
