import { expect } from 'chai'
import { actCode, FRAME, type Act } from '../../../../../kernel/contract/index.js'
import { conversationMode, Conversations, FREE, homeOf, modeOfId } from '../../../../../kernel/routing/conversations/conversations.js'
import type { ConversationLimits } from '../../../../../kernel/routing/conversations/conversation-limits.js'
import type { OpenConversation } from '../../../../../kernel/routing/conversations/open-conversation.js'
import { INITIATOR, PARTICIPANT, ProtocolTable } from '../../../../../kernel/routing/conversations/protocol-tables.js'
import { REQUEST } from '../../../../support/request-protocol.js'
import { CONVERSATION_LIMITS } from '../../../../support/routing-scene.js'

const AGENT = 2
const OTHER = 3

describe('conversations', () => {
  let all: Conversations
  let now: number
  const limited = (limits: Partial<ConversationLimits> = {}, home = 3, ids?: number): Conversations =>
    new Conversations(home, 7, [new ProtocolTable(REQUEST)], { ...CONVERSATION_LIMITS, ...limits }, ids)
  const open = (initiator = AGENT, protocol = 0, mode = 0): OpenConversation =>
    all.open(protocol, initiator, now, 1, mode) ?? expect.fail('no conversation was opened')
  const step = (conversation: OpenConversation, role: number, act: Act, other = OTHER, deadline = 0) =>
    all.step(conversation, role, other, actCode(act), deadline, now)
  const expire = (): Array<[number, number]> => {
    const told: Array<[number, number]> = []
    all.expire(now, ({ participant }, { tells }) => { told.push([participant, tells]) })
    return told
  }
  const isOpen = (id: bigint): boolean => all.table.findId(id) !== undefined

  beforeEach(() => {
    all = limited()
    now = 1_000
  })

  it('take the legal steps of their protocol to its end', () => {
    const conversation = open()
    expect(step(conversation, INITIATOR, 'request').legal).to.equal(true)
    expect(conversation.isOver).to.equal(false)
    expect(step(conversation, PARTICIPANT, 'agree').legal).to.equal(true)
    expect(step(conversation, PARTICIPANT, 'inform').legal).to.equal(true)
    expect(conversation.isOver).to.equal(true)
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
    expect(conversation.isOver).to.equal(false)
    step(conversation, PARTICIPANT, 'refuse', 4)
    expect(conversation.isOver).to.equal(true)
  })

  it('have at most 100 participants', () => {
    const conversation = open()
    for (let other = 3; other < 103; other++) expect(step(conversation, INITIATOR, 'request', other).legal).to.equal(true)
    expect(step(conversation, INITIATOR, 'request', 103)).to.include({ legal: false, state: 'too many participants' })
  })

  it('tell the initiator when a deadline passed, once', () => {
    step(open(), INITIATOR, 'request', OTHER, 2_000)
    now = 1_999
    expect(expire()).to.deep.equal([])
    now = all.due
    expect(now).to.equal(2_000)
    expect(expire()).to.deep.equal([[OTHER, actCode('failure')]])
    expect(all.table.size).to.equal(0)
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
    expect(all.table.size).to.equal(1)
  })

  it('tell of deadlines in their order, each when it is due, also when it was moved', () => {
    const later = open()
    step(later, INITIATOR, 'request', 10, 9_000)
    for (const [other, deadline] of [[11, 5_000], [12, 3_000], [13, 4_000]] as const) {
      step(open(), INITIATOR, 'request', other, deadline)
    }
    step(later, PARTICIPANT, 'agree', 10, 3_500)
    now = 3_999
    expect(expire().map(([other]) => other)).to.deep.equal([12, 10])
    now = 5_000
    expect(expire().map(([other]) => other)).to.deep.equal([13, 11])
    expect(all.due).to.equal(Infinity)
  })

  it('act on a share of what is due at a time, and say that there is more', () => {
    for (let count = 0; count < 1_000; count++) step(open(), INITIATOR, 'request', OTHER, now + 1)
    now += 1
    const first = expire().length
    expect(first).to.be.within(1, 600)
    expect(all.due).to.be.at.most(now)
    expect(first + expire().length).to.equal(1_000)
  })

  it('forget what was silent for the idle limit, however they were opened', () => {
    all = limited({ idle: 1_000 })
    const lively = open()
    const silent = open().id
    const id = lively.id
    now += 500
    step(lively, INITIATOR, 'request')
    now += 500
    expect(all.due).to.be.at.most(now)
    expire()
    expect([isOpen(silent), isOpen(id)]).to.deep.equal([false, true])
    expect(all.due).to.equal(2_500)
  })

  it('find each of hundreds of participants, and nobody else', () => {
    all = limited({ participants: 500 })
    const [conversation, other] = [open(), open()]
    for (let participant = 10; participant < 510; participant++) {
      expect(step(conversation, INITIATOR, 'request', participant).legal).to.equal(true)
      step(other, INITIATOR, 'request', 10_000 + participant)
    }
    expect(step(conversation, INITIATOR, 'request', 510)).to.include({ legal: false, state: 'too many participants' })
    expect(step(conversation, PARTICIPANT, 'inform', 10_010)).to.include({ legal: false, state: 'not a participant' })
    for (let participant = 509; participant >= 10; participant--) {
      expect(conversation.isOver).to.equal(false)
      expect(step(conversation, PARTICIPANT, 'inform', participant).legal).to.equal(true)
    }
    expect(conversation.isOver).to.equal(true)
    all.table.close(conversation)
    expect(step(open(), PARTICIPANT, 'inform', 20)).to.include({ state: 'not a participant' })
  })

  it('know nothing of those that ended before them', () => {
    const [crowded, other] = [open(), open()]
    for (const participant of [3, 4]) step(crowded, INITIATOR, 'request', participant, 2_000)
    step(other, INITIATOR, 'request', 3, 2_000)
    all.close(crowded, 'idle', now)
    all.close(other, 'idle', now)
    expect(all.due).to.equal(Infinity)
    const later = open()
    for (const participant of [5, 6]) step(later, INITIATOR, 'request', participant)
    expect(step(later, PARTICIPANT, 'inform', 3)).to.include({ legal: false, state: 'not a participant' })
    for (const participant of [5, 6]) {
      expect(later.isOver).to.equal(false)
      step(later, PARTICIPANT, 'inform', participant)
    }
    expect(later.isOver).to.equal(true)
  })

  it('have ids that say where they live', () => {
    for (const home of [0, 1, 200, 255]) {
      all = new Conversations(home, 0x3fffff, [], CONVERSATION_LIMITS)
      const id = open(AGENT, FREE).id
      expect(id).to.equal(BigInt(home) << 56n | 0x3fffff00000001n)
      const view = new DataView(new ArrayBuffer(FRAME.headerBytes))
      view.setBigUint64(FRAME.conversation, id, true)
      expect(homeOf(view, 0)).to.equal(home)
      expect(all.table.find(view.getUint32(FRAME.conversation, true), view.getUint32(FRAME.conversation + 4, true))?.id).to.equal(id)
    }
  })

  it('have ids that say how their messages are delivered', () => {
    const view = new DataView(new ArrayBuffer(FRAME.headerBytes))
    const modes = [0, 1, 2].map(mode => {
      const id = open(AGENT, FREE, mode).id
      view.setBigUint64(FRAME.conversation, id, true)
      expect(all.table.findId(id)?.id).to.equal(id)
      return [conversationMode(view, 0), modeOfId(id), homeOf(view, 0)]
    })
    const home = homeOf(view, 0)
    expect(modes).to.deep.equal([[0, 0, home], [1, 1, home], [2, 2, home]])
    view.setUint8(FRAME.conversation + 6, 0xff)
    expect(conversationMode(view, 0), 'a mode that there is not').to.equal(0)
  })

  it('never have the id of one that is still open, also when all ids were used and begin anew', () => {
    all = new Conversations(0, 0, [], { ...CONVERSATION_LIMITS, all: 3 }, 5)
    const oldest = open().id
    for (let count = 0; count < 20; count++) {
      const [one, other] = [open(), open()]
      expect(new Set([0n, oldest, one.id, other.id]).size).to.equal(4)
      all.table.close(one)
      all.table.close(other)
    }
  })

  it('are bounded for each initiator and in all', () => {
    all = limited({ all: 3, ofOne: 2 })
    const first = open(2)
    open(2)
    expect(all.table.open(0, 2, now)).to.equal(undefined)
    open(3)
    expect(all.table.open(0, 4, now)).to.equal(undefined)
    all.table.close(first)
    expect(open(2).initiator).to.equal(2)
  })

  it('are bounded by their participants together', () => {
    all = limited({ all: 2, participants: 30 })
    const [one, other] = [open(), open()]
    const asked = [one, other].flatMap(conversation => Array.from({ length: 30 }, (_, index) =>
      step(conversation, INITIATOR, 'request', 10 + index).legal))
    expect(asked.filter(Boolean)).to.have.length(32)
    all.table.close(one)
    expect(step(other, INITIATOR, 'request', 39).legal).to.equal(true)
  })

  it('end with the agent that opened them', () => {
    const [mine, theirs, alsoMine] = [open(2), open(3), open(2)].map(({ id }) => id)
    const ending: number[] = []
    all.closeOf(2, now, ({ initiator }) => { ending.push(initiator) })
    expect(ending).to.deep.equal([2, 2])
    expect([mine, theirs, alsoMine].map(id => isOpen(id ?? 0n))).to.deep.equal([false, true, false])
  })

  it('without a protocol allow everything and end only by their initiator', () => {
    const free = open(AGENT, FREE)
    expect(step(free, PARTICIPANT, 'propose').legal).to.equal(true)
    expect(free.isOver).to.equal(false)
  })
})
