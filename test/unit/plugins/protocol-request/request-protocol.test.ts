import { REQUEST_PROTOCOL } from '../../../../plugins/protocol-request/request-protocol.js'
import { everyCell } from '../../../support/protocols/every-cell.js'
import { cancelling, OPEN, type ExpectedProtocol } from '../../../support/protocols/expected.js'
import { randomHistories } from '../../../support/protocols/random-histories.js'

/** FIPA SC00026H. */
const EXPECTED: ExpectedProtocol = {
  name: 'fipa-request', specification: 'FIPA SC00026H',
  legal: {
    start: { initiator: { request: 'requested' } },
    requested: { ...OPEN, participant: { ...OPEN.participant, agree: 'agreed', refuse: 'refused', failure: 'failed', inform: 'done' } },
    agreed: { ...OPEN, participant: { ...OPEN.participant, failure: 'failed', inform: 'done' } },
    cancelling: cancelling({ agree: 'cancelling', refuse: 'refused' }),
  },
  final: ['refused', 'done', 'failed', 'cancelled', 'not-understood', 'timed-out'],
  deadlines: [
    ['requested', 'timed-out', 'initiator', 'failure'],
    ['agreed', 'timed-out', 'initiator', 'failure'],
    ['cancelling', 'timed-out', 'initiator', 'failure'],
  ],
}

everyCell(REQUEST_PROTOCOL, EXPECTED)
randomHistories(REQUEST_PROTOCOL, EXPECTED)
