import { SUBSCRIBE_PROTOCOL } from '../../../../plugins/protocol-subscribe/subscribe-protocol.js'
import { everyCell } from '../../../support/protocols/every-cell.js'
import { cancelling, OPEN, type ExpectedProtocol } from '../../../support/protocols/expected.js'
import { randomHistories } from '../../../support/protocols/random-histories.js'

/** FIPA SC00035H. */
const EXPECTED: ExpectedProtocol = {
  name: 'fipa-subscribe', specification: 'FIPA SC00035H',
  legal: {
    start: { initiator: { subscribe: 'asked' } },
    asked: {
      ...OPEN,
      participant: { ...OPEN.participant, agree: 'subscribed', refuse: 'refused', failure: 'failed', inform: 'subscribed' },
    },
    subscribed: { ...OPEN, participant: { ...OPEN.participant, failure: 'failed', inform: 'subscribed' } },
    cancelling: cancelling({ agree: 'cancelling', refuse: 'refused' }),
  },
  final: ['refused', 'failed', 'cancelled', 'not-understood', 'timed-out'],
  deadlines: [['asked', 'timed-out', 'initiator', 'failure'], ['cancelling', 'timed-out', 'initiator', 'failure']],
}

everyCell(SUBSCRIBE_PROTOCOL, EXPECTED)
randomHistories(SUBSCRIBE_PROTOCOL, EXPECTED)
