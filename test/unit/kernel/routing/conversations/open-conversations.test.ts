import { expect } from 'chai'
import fc from 'fast-check'
import type { OpenConversation } from '../../../../../kernel/routing/conversations/open-conversation.js'
import { OpenConversations } from '../../../../../kernel/routing/conversations/open-conversations.js'
import { CONVERSATION_LIMITS } from '../../../../support/routing-scene.js'

const RUNS = { numRuns: process.env.CAXTON_TEST_LONG === '1' ? 5_000 : 200 }
const HIGH = 3 << 24 | 7
const INITIATORS = [2, 3, 40]

interface Step {
  readonly what: 'open' | 'reopen' | 'touch' | 'close' | 'join'
  /** Which initiator, participant, or open conversation. */
  readonly which: number
  /** Of a conversation from before: few, so that they meet, and those that share a place in a table. */
  readonly low: number
  readonly high: number
}

const step: fc.Arbitrary<Step> = fc.record({
  what: fc.constantFrom('open', 'open', 'reopen', 'touch', 'close', 'join'),
  which: fc.nat(1_000),
  low: fc.constantFrom(3, 64, 128, 256, 8_192, 0x7fffffff, -1, -0x80000000),
  high: fc.constantFrom(HIGH, HIGH, HIGH, -1),
})

/** The table, and beside it what it should hold, the longest silent first. */
class Model {
  readonly table = new OpenConversations(HIGH, { ...CONVERSATION_LIMITS, all: 500, ofOne: 400 }, 2 ** 32)
  readonly wanted: Array<{ readonly id: bigint, readonly conversation: OpenConversation, readonly initiator: number }> = []
  readonly over = new Set<bigint>()
  #now = 1

  take ({ what, which, low, high }: Step): void {
    const { table, wanted } = this
    const initiator = INITIATORS[which % INITIATORS.length] ?? 0
    const at = wanted.length === 0 ? -1 : which % wanted.length
    const one = wanted[at]
    this.#now += 1
    if (what === 'open') this.#opened(table.open(0, initiator, this.#now), initiator)
    else if (what === 'reopen') this.#reopen(BigInt.asUintN(32, BigInt(high)) << 32n | BigInt.asUintN(32, BigInt(low)), initiator)
    if (one === undefined) return
    if (what === 'touch') {
      table.touch(one.conversation, this.#now)
      wanted.push(...wanted.splice(at, 1))
    } else if (what === 'join') {
      table.branches.find(one.conversation, which) ?? table.branches.add(one.conversation, which, 1)
    } else if (what === 'close') {
      table.close(one.conversation)
      wanted.splice(at, 1)
      this.over.add(one.id)
    }
  }

  #reopen (id: bigint, initiator: number): void {
    const isThere = this.wanted.some(each => each.id === id)
    const conversation = this.table.reopen(id, 0, initiator, 0, this.#now, 1)
    expect(conversation === undefined).to.equal(isThere)
    if (conversation === undefined) return
    expect(conversation.id).to.equal(id)
    this.#opened(conversation, initiator)
  }

  #opened (conversation: OpenConversation | undefined, initiator: number): void {
    if (conversation === undefined) throw new Error('there is room')
    expect([conversation.initiator, conversation.branchCount, conversation.isOver, conversation.latestBranch])
      .to.deep.equal([initiator, 0, false, undefined])
    expect(this.wanted.map(({ id }) => id)).not.to.include(conversation.id)
    this.wanted.push({ id: conversation.id, conversation, initiator })
    this.over.delete(conversation.id)
  }
}

function chain (first: OpenConversation | undefined, next: 'older' | 'newer'): bigint[] {
  const seen: bigint[] = []
  for (let each = first; each !== undefined; each = each[next]) seen.push(each.id)
  return seen
}

describe('the open conversations of a thread', () => {
  it('are found by their ids, counted, and in the order in which somebody spoke, whatever is opened and closed', () => {
    fc.assert(fc.property(fc.array(step, { maxLength: 400, size: 'max' }), steps => {
      const model = new Model()
      for (const each of steps) model.take(each)
      const { table, wanted, over } = model
      const ids = wanted.map(({ id }) => id)
      expect([table.size, chain(table.oldest, 'newer'), chain(table.newest, 'older').reverse()]).to.deep.equal([ids.length, ids, ids])
      for (const { id, conversation } of wanted) expect(table.findId(id)).to.equal(conversation)
      for (const id of over) expect(table.findId(id)).to.equal(undefined)
      for (const initiator of INITIATORS) {
        expect(table.openedBy(initiator).map(({ id }) => id))
          .to.deep.equal(wanted.filter(each => each.initiator === initiator).map(({ id }) => id))
      }
    }), RUNS)
  })

  it('make no new objects while no more of them are open than were before', () => {
    const table = new OpenConversations(HIGH, CONVERSATION_LIMITS, 2 ** 32)
    const open = (): OpenConversation => table.open(0, 2, 1) ?? expect.fail('there is room')
    const first = new Set(Array.from({ length: 100 }, open))
    for (const each of first) table.close(each)
    const again = new Set(Array.from({ length: 100 }, open))
    expect([again.size, [...again].every(each => first.has(each))]).to.deep.equal([100, true])
  })
})
