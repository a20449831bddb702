import { QUERY_PROTOCOL } from '../../../../plugins/protocol-query/query-protocol.js'
import { everyCell } from '../../../support/protocols/every-cell.js'
import { cancelling, OPEN, type ExpectedProtocol } from '../../../support/protocols/expected.js'
import { randomHistories } from '../../../support/protocols/random-histories.js'

/** FIPA SC00027H. */
const EXPECTED: ExpectedProtocol = {
  name: 'fipa-query', specification: 'FIPA SC00027H',
  legal: {
    start: { initiator: { 'query-if': 'queried', 'query-ref': 'queried' } },
    queried: { ...OPEN, participant: { ...OPEN.participant, agree: 'agreed', refuse: 'refused', failure: 'failed', inform: 'done' } },
    agreed: { ...OPEN, participant: { ...OPEN.participant, failure: 'failed', inform: 'done' } },
    cancelling: cancelling({ agree: 'cancelling', refuse: 'refused' }),
  },
  final: ['refused', 'done', 'failed', 'cancelled', 'not-understood', 'timed-out'],
  deadlines: [
    ['queried', 'timed-out', 'initiator', 'failure'],
    ['agreed', 'timed-out', 'initiator', 'failure'],
    ['cancelling', 'timed-out', 'initiator', 'failure'],
  ],
}

everyCell(QUERY_PROTOCOL, EXPECTED)
randomHistories(QUERY_PROTOCOL, EXPECTED)
