import { PROPOSE_PROTOCOL } from '../../../../plugins/protocol-propose/propose-protocol.js'
import { everyCell } from '../../../support/protocols/every-cell.js'
import { cancelling, OPEN, type ExpectedProtocol } from '../../../support/protocols/expected.js'
import { randomHistories } from '../../../support/protocols/random-histories.js'

/** FIPA SC00036H. */
const EXPECTED: ExpectedProtocol = {
  name: 'fipa-propose', specification: 'FIPA SC00036H',
  legal: {
    start: { initiator: { propose: 'proposed' } },
    proposed: { ...OPEN, participant: { ...OPEN.participant, 'accept-proposal': 'accepted', 'reject-proposal': 'rejected' } },
    cancelling: cancelling({ 'accept-proposal': 'accepted', 'reject-proposal': 'rejected' }),
  },
  final: ['accepted', 'rejected', 'failed', 'cancelled', 'not-understood', 'timed-out'],
  deadlines: [['proposed', 'timed-out', 'initiator', 'failure'], ['cancelling', 'timed-out', 'initiator', 'failure']],
}

everyCell(PROPOSE_PROTOCOL, EXPECTED)
randomHistories(PROPOSE_PROTOCOL, EXPECTED)
