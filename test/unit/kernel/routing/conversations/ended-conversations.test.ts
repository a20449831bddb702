import { expect } from 'chai'
import { actCode } from '../../../../../kernel/contract/index.js'
import { endedPicture } from '../../../../../kernel/routing/conversations/conversation-picture.js'
import { Conversations } from '../../../../../kernel/routing/conversations/conversations.js'
import { INITIATOR, ProtocolTable } from '../../../../../kernel/routing/conversations/protocol-tables.js'
import { REQUEST } from '../../../../support/request-protocol.js'
import { CONVERSATION_LIMITS } from '../../../../support/routing-scene.js'

const AGENT = 2
const NOW = 1_000
/** As many are remembered. */
const BOUND = 1_024

describe('conversations that have ended', () => {
  let all: Conversations
  const ended = (participants: readonly number[]): void => {
    const conversation = all.open(0, AGENT, NOW) ?? expect.fail('there is room')
    for (const participant of participants) all.step(conversation, INITIATOR, participant, actCode('request'), 0, NOW)
    all.close(conversation, 'idle', NOW)
  }
  const participants = (): number[][] => Array.from(all.ended.from(0), each => endedPicture(all, each, false))
    .map(({ branches }) => branches.map(({ participant }) => participant))

  beforeEach(() => { all = new Conversations(3, 7, [new ProtocolTable(REQUEST)], CONVERSATION_LIMITS) })

  it('are remembered with their branches, the latest first', () => {
    ended([3, 4, 5])
    ended([])
    ended([6])
    expect(participants()).to.deep.equal([[6], [], [3, 4, 5]])
  })

  it('are remembered with the latest sixteen branches of many', () => {
    ended(Array.from({ length: 20 }, (_, index) => 3 + index))
    expect(participants()).to.deep.equal([Array.from({ length: 16 }, (_, index) => 7 + index)])
  })

  it('leave nothing to those that take their place', () => {
    ended([3, 4, 5])
    for (let count = 0; count < BOUND; count++) ended([6])
    expect(participants()).to.deep.equal(Array.from({ length: BOUND }, () => [6]))
  })
})
