import { expect } from 'chai'
import { actCode, FRAME, type Act } from '../../../../kernel/contract/index.js'
import { Conversations, homeOf, type Conversation } from '../../../../kernel/routing/conversations.js'
import { INITIATOR, PARTICIPANT, ProtocolTable } from '../../../../kernel/routing/protocol-tables.js'
import { REQUEST } from '../../../support/request-protocol.js'

const TABLE = new ProtocolTable(REQUEST)
const AGENT = 2
const OTHER = 3

describe('conversations', () => {
  let all: Conversations
  let now: number
  const open = (initiator = AGENT): Conversation => {
    const conversation = all.open(TABLE, initiator, now)
    if (conversation === undefined) throw new Error('no conversation was opened')
    return conversation
  }
  const step = (conversation: Conversation, role: number, act: Act, other = OTHER, deadline = 0) =>
    all.step(conversation, role, other, actCode(act), deadline, now)
  const expire = (idle = 1_000_000): Array<[number, number]> => {
    const told: Array<[number, number]> = []
    all.expire(now, idle, (_, branch, { tells }) => told.push([branch.participant, tells]))
    return told
  }

  beforeEach(() => {
    all = new Conversations(3, 7)
    now = 1_000
  })

  it('take the legal steps of their protocol to its end', () => {
    const conversation = open()
    expect(step(conversation, INITIATOR, 'request').legal).to.equal(true)
    expect(all.isOver(conversation)).to.equal(false)
    expect(step(conversation, PARTICIPANT, 'agree').legal).to.equal(true)
    expect(step(conversation, PARTICIPANT, 'inform').legal).to.equal(true)
    expect(all.isOver(conversation)).to.equal(true)
  })

  it('refuse an illegal act, name what would be legal, and stay where they are', () => {
    const conversation = open()
    step(conversation, INITIATOR, 'request')
    expect(step(conversation, PARTICIPANT, 'propose')).to.deep.equal({
      legal: false, state: 'requested', acts: ['agree', 'failure', 'inform', 'not-understood', 'refuse'],
    })
    expect(step(conversation, PARTICIPANT, 'agree').legal).to.equal(true)
  })

  it('refuse whoever was not asked', () => {
    const conversation = open()
    step(conversation, INITIATOR, 'request')
    expect(step(conversation, PARTICIPANT, 'inform', 99)).to.include({ legal: false, state: 'not a participant' })
  })

  it('have a state for each participant, and are over when all of them are', () => {
    const conversation = open()
    step(conversation, INITIATOR, 'request', 3)
    step(conversation, INITIATOR, 'request', 4)
    step(conversation, PARTICIPANT, 'inform', 3)
    expect(all.isOver(conversation)).to.equal(false)
    step(conversation, PARTICIPANT, 'refuse', 4)
    expect(all.isOver(conversation)).to.equal(true)
  })

  it('have at most 100 participants', () => {
    const conversation = open()
    for (let other = 3; other < 103; other++) expect(step(conversation, INITIATOR, 'request', other).legal).to.equal(true)
    expect(step(conversation, INITIATOR, 'request', 103)).to.include({ legal: false, state: 'too many participants' })
  })

  it('tell the initiator when a deadline passed, once', () => {
    const conversation = open()
    step(conversation, INITIATOR, 'request', OTHER, 2_000)
    now = 1_999
    expect(expire()).to.deep.equal([])
    now = all.due
    expect(now).to.be.within(2_000, 2_010)
    expect(expire()).to.deep.equal([[OTHER, actCode('failure')]])
    expect(all.find(conversation.id)).to.equal(undefined)
    now = 100_000
    expect(expire()).to.deep.equal([])
  })

  it('tell nobody when the answer came in time', () => {
    const conversation = open()
    step(conversation, INITIATOR, 'request', OTHER, 2_000)
    step(conversation, PARTICIPANT, 'agree')
    now = 3_000
    expect(expire()).to.deep.equal([])
  })

  it('take a deadline below zero for none', () => {
    step(open(), INITIATOR, 'request', OTHER, -5)
    now = 50_000
    expect(expire()).to.deep.equal([])
    expect(all.size).to.equal(1)
  })

  it('do not look at all conversations more often than they can afford to', () => {
    for (let count = 0; count < 3_000; count++) step(open(), INITIATOR, 'request', OTHER, now + 1)
    now += 1
    expire()
    step(open(), INITIATOR, 'request', OTHER, now + 1)
    expect(all.due - now).to.be.at.least(8)
  })

  it('forget what was silent for the idle limit', () => {
    const silent = open()
    expire(1_000)
    now += 500
    const lively = open()
    step(lively, INITIATOR, 'request')
    now += 500
    expect(all.due).to.be.at.most(now)
    expire(1_000)
    expect([all.find(silent.id), all.find(lively.id)]).to.deep.equal([undefined, lively])
  })

  it('have ids that say where they live', () => {
    for (const home of [0, 1, 200, 255]) {
      all = new Conversations(home, 0xffffff)
      const { id } = open()
      expect(id).to.equal(BigInt(home) << 56n | 0xffffff00000001n)
      const view = new DataView(new ArrayBuffer(FRAME.headerBytes))
      view.setBigUint64(FRAME.conversation, id, true)
      expect(homeOf(view, 0)).to.equal(home)
    }
  })

  it('never have the id of one that is still open, also when all ids were used and begin anew', () => {
    all = new Conversations(0, 0, { all: 3, ofOne: 3 }, 5n)
    const oldest = open()
    for (let count = 0; count < 20; count++) {
      const [one, other] = [open(), open()]
      expect(new Set([0n, oldest.id, one.id, other.id]).size).to.equal(4)
      all.close(one.id)
      all.close(other.id)
    }
  })

  it('are bounded for each initiator and in all', () => {
    all = new Conversations(1, 1, { all: 3, ofOne: 2 })
    const first = open(2)
    open(2)
    expect(all.open(TABLE, 2, now)).to.equal(undefined)
    open(3)
    expect(all.open(TABLE, 4, now)).to.equal(undefined)
    all.close(first.id)
    expect(open(2).initiator).to.equal(2)
  })

  it('end with the agent that opened them', () => {
    const mine = open(2)
    const theirs = open(3)
    all.closeOf(2)
    expect([all.find(mine.id), all.find(theirs.id)]).to.deep.equal([undefined, theirs])
  })

  it('without a protocol allow everything and end only by their initiator', () => {
    const free = all.open(undefined, AGENT, now)
    if (free === undefined) throw new Error('no conversation was opened')
    expect(step(free, PARTICIPANT, 'propose').legal).to.equal(true)
    expect(all.isOver(free)).to.equal(false)
  })
})
