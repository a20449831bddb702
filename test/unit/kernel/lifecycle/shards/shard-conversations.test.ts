import { expect } from 'chai'
import { ShardConversations } from '../../../../../kernel/lifecycle/shards/shard-conversations.js'
import type { ShardEvent } from '../../../../../kernel/lifecycle/shards/shard-control.js'
import { SHARD_WORD, ShardCounters, sharedMemory } from '../../../../../kernel/lifecycle/shards/shard-memory.js'
import { ConversationDesk } from '../../../../../kernel/routing/conversations/conversation-desk.js'
import { RoutingScene } from '../../../../support/routing-scene.js'

describe('the conversations of a shard', () => {
  let scene: RoutingScene
  let counters: ShardCounters
  let events: ShardEvent[]
  let conversations: ShardConversations
  const kinds = (): string[] => events.map(({ kind }) => kind)
  const change = (): void => { scene.send(scene.here, { fields: { protocol: 'fipa-request' } }) }

  beforeEach(() => {
    scene = new RoutingScene()
    counters = new ShardCounters(sharedMemory(1, 1).counters[1] ?? new SharedArrayBuffer(0))
    events = []
    const desk = new ConversationDesk(scene.conversations, scene.post.voice, () => scene.now, 50, () => false)
    conversations = new ShardConversations(desk, counters, event => events.push(event))
  })

  it('tell nothing when nothing changed', () => {
    conversations.report(scene.now)
    expect([events, conversations.due]).to.deep.equal([[], Infinity])
  })

  it('run ahead of main by a few reports and no more: what changes meanwhile is told later, once', () => {
    for (let count = 0; count < 10; count++) {
      change()
      scene.now += 50
      conversations.report(scene.now)
    }
    expect(kinds()).to.deep.equal(Array.from({ length: 4 }, () => 'conversations-changed'))
    expect(conversations.due).to.be.above(scene.now).and.below(scene.now + 1_000)
    Atomics.add(counters.words, SHARD_WORD.conversationReportsTaken, 1)
    conversations.report(scene.now)
    expect(events.at(-1)).to.have.nested.property('report.changed').with.length(6)
  })

  it('tell all that changed before they say that they have settled', () => {
    for (let count = 0; count < 1_200; count++) change()
    conversations.obey(7, { kind: 'settle' })
    expect(kinds()).to.deep.equal([...Array.from({ length: 3 }, () => 'conversations-changed'), 'conversations'])
    expect(events.at(-1)).to.deep.equal({ kind: 'conversations', ask: 7, pictures: [] })
  })
})
