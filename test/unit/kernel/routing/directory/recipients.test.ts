import { expect } from 'chai'
import { HOST_RESULTS } from '../../../../../kernel/contract/index.js'
import type { Choice } from '../../../../../kernel/routing/capabilities/capability-table.js'
import { encodeFrame, type FrameFields } from '../../../../../kernel/routing/frames/frame.js'
import { CONDITION } from '../../../../../kernel/routing/directory/route-table.js'
import { RoutingScene } from '../../../../support/routing-scene.js'

const NOBODY = { handle: 0, generation: 0 }
const ASKER = 40

describe('the recipients of a message', () => {
  let scene: RoutingScene

  beforeEach(() => { scene = new RoutingScene() })

  function offer (...handles: readonly number[]): void {
    for (const handle of handles) {
      scene.agent(handle, 1)
      scene.capabilities.apply({ removed: [], added: [['sell', handle, 9, 1e10]] })
    }
  }

  function find (fields: FrameFields, conversation = 0n, sender = ASKER): number[] | number {
    const bytes = encodeFrame({ act: 'request', receiver: NOBODY, sender: NOBODY, fields, conversation, content: new Uint8Array(0) })
    const result = scene.recipients.find(bytes, new DataView(bytes.buffer), 0, sender)
    const { list } = scene.recipients
    return result === HOST_RESULTS.ok ? [...list.handles.subarray(0, list.count)] : result
  }

  const ask = (choice: Choice, conversation = 0n, sender = ASKER): number[] | number =>
    find({ toCapability: `${choice}:sell` }, conversation, sender)

  it('are the agent of that name before any capability, and a capability before any topic', () => {
    offer(20)
    scene.names.set('echo', scene.here.handle, scene.here.generation)
    scene.topics.apply({ removed: [], added: [['news', 3, 9]] })
    const all = { to: 'echo', toCapability: 'one:sell', toTopic: 'news' }
    expect(find(all)).to.deep.equal([scene.here.handle])
    expect(find({ toCapability: all.toCapability, toTopic: all.toTopic })).to.deep.equal([20])
    expect(find({ toTopic: all.toTopic })).to.deep.equal([3])
    expect(find({})).to.equal(HOST_RESULTS.noSuchAgent)
  })

  it('are each in turn', () => {
    offer(20, 21, 22)
    expect([1, 2, 3, 4].map(() => ask('round'))).to.deep.equal([[20], [21], [22], [20]])
  })

  it('are the one for which the fewest messages wait, and each in turn among equals', () => {
    offer(20, 21, 22)
    scene.waiting.set(20, 5)
    expect([1, 2, 3].map(() => ask('one'))).to.deep.equal([[21], [22], [21]])
    scene.waiting.set(21, 7).set(22, 6)
    expect([1, 2].map(() => ask('one'))).to.deep.equal([[20], [20]])
  })

  it('are always the same for a conversation, and without one for a sender', () => {
    offer(20, 21, 22, 23)
    const byConversation = Array.from({ length: 40 }, (_, index) => ask('hash', BigInt(index + 1)))
    expect(Array.from({ length: 40 }, (_, index) => ask('hash', BigInt(index + 1), ASKER + 1))).to.deep.equal(byConversation)
    expect(new Set(byConversation.flat()).size).to.equal(4)
    const bySender = Array.from({ length: 40 }, (_, index) => ask('hash', 0n, 50 + index))
    expect(Array.from({ length: 40 }, (_, index) => ask('hash', 0n, 50 + index))).to.deep.equal(bySender)
    expect(new Set(bySender.flat()).size).to.equal(4)
  })

  it('are all of them, but not more than one message may have', () => {
    offer(20, 21, 22)
    expect(ask('all')).to.deep.equal([20, 21, 22])
    offer(23)
    expect(ask('all')).to.equal(HOST_RESULTS.quota)
    expect(scene.recipients.areTooMany).to.equal(true)
    scene.topics.apply({ removed: [], added: [2, 3, 4, 20].map(handle => ['news', handle, 9]) })
    expect(find({ toTopic: 'news' })).to.equal(HOST_RESULTS.quota)
  })

  it('are never the sender that asks for a capability', () => {
    offer(20, 21)
    for (const choice of ['one', 'round', 'hash', 'all'] as const) expect(ask(choice, 0n, 20), choice).to.deep.equal([21])
  })

  it('are the sender too where it subscribes to its own topic', () => {
    scene.topics.apply({ removed: [], added: [['news', 20, 9], ['news', 21, 9]] })
    expect(find({ toTopic: 'news' }, 0n, 20)).to.deep.equal([20, 21])
  })

  it('run, and are no successors of those who offered something', () => {
    offer(20, 21, 22)
    scene.agent(20, 1, CONDITION.draining)
    scene.routes.set(21, 10, 1, 21, CONDITION.running)
    for (const choice of ['one', 'round', 'hash', 'all'] as const) expect(ask(choice), choice).to.deep.equal([22])
    scene.agent(22, 1, CONDITION.stopped)
    for (const choice of ['one', 'round', 'hash', 'all'] as const) expect(ask(choice), choice).to.equal(HOST_RESULTS.noSuchAgent)
  })

  it('are nobody, without an error, where nobody subscribes to a topic', () => {
    expect(find({ toTopic: 'news' })).to.deep.equal([])
  })

  it('are none where the field is malformed', () => {
    expect(find({ toCapability: 'sell' })).to.equal(HOST_RESULTS.malformed)
    expect(find({ toTopic: 'news.*' })).to.equal(HOST_RESULTS.malformed)
  })
})
