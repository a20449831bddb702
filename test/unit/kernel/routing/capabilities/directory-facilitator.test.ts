import { expect } from 'chai'
import fc from 'fast-check'
import type { Act, CapabilityDescription } from '../../../../../kernel/contract/index.js'
import { CapabilityRegistry } from '../../../../../kernel/routing/capabilities/capability-registry.js'
import { DirectoryFacilitator } from '../../../../../kernel/routing/capabilities/directory-facilitator.js'
import { ContentMalformed, readSearch } from '../../../../../kernel/routing/capabilities/directory-search.js'
import { encodeFrame, type FrameFields, type ReadFrame } from '../../../../../kernel/routing/frames/frame.js'
import { contentOf, RoutingScene } from '../../../../support/routing-scene.js'
import { settled, VirtualClock } from '../../../../support/virtual-clock.js'

const NOBODY = { handle: 0, generation: 0 }
const capability = (name: string, version = '1.0.0', description = ''): CapabilityDescription =>
  ({ name, version, description, input: { type: 'object' }, output: undefined, costs: { coins: 1 }, protocols: [] })

describe('the directory facilitator', () => {
  let scene: RoutingScene
  let clock: VirtualClock
  let offers: CapabilityRegistry
  let facilitator: DirectoryFacilitator
  let room: number

  beforeEach(() => {
    room = 65_536
    scene = new RoutingScene()
    clock = new VirtualClock()
    offers = new CapabilityRegistry(() => {})
    facilitator = new DirectoryFacilitator({
      post: scene.post, stamp: scene.stamp, clock, capabilities: offers, address: scene.agent(7, 1), roomOf: () => room,
    })
    facilitator.subscriptions.open()
  })

  afterEach(() => {
    facilitator.subscriptions.close()
    expect(clock.pending).to.equal(0)
  })

  const offer = (agent: string, handle: number, ...all: readonly CapabilityDescription[]): void =>
    all.forEach(one => offers.offer({ name: agent, handle, generation: 1 }, one))

  function say (act: Act, content: unknown, fields: FrameFields = {}, conversation = 0n): void {
    const text = typeof content === 'string' ? content : JSON.stringify(content)
    facilitator.receive(encodeFrame({ act, receiver: NOBODY, sender: scene.here, conversation, fields, content: Buffer.from(text) }))
  }

  function answers (): Array<[Act, Record<string, unknown>]> {
    return scene.local.received.splice(0).map((frame: ReadFrame) => [frame.act, contentOf(frame)])
  }

  it('tells who offers what was searched for, with all that is known about it', () => {
    offer('seller', 20, capability('sell', '1.2.0'), capability('buy'))
    offer('other', 21, capability('sell', '2.0.0'))
    for (const act of ['request', 'query-ref'] as const) {
      say(act, { search: { name: 'sell', version: '^1' } })
      const known = { description: '', input: { type: 'object' }, costs: { coins: 1 }, protocols: [] }
      const found = [{ name: 'sell', version: '1.2.0', agent: 'seller', ...known }]
      expect(answers()).to.deep.equal([['inform', { found, total: 1 }]])
    }
    say('request', { search: {} })
    expect(answers()[0]?.[1]['total']).to.equal(3)
    say('request', { search: { agent: 'other', limit: 1 } })
    expect(answers()[0]?.[1]['total']).to.equal(1)
  })

  it('answers in the conversation, and to whom the asker names', () => {
    scene.names.set('clerk', scene.alsoHere.handle, scene.alsoHere.generation)
    say('request', { search: {} }, { replyWith: 'r', replyTo: 'clerk', protocol: 'fipa-request', conversationId: 'c' }, 2n << 56n)
    expect(scene.local.received[0]).to.deep.include({ receiver: scene.alsoHere, conversation: 2n << 56n })
    expect(scene.local.received[0]?.fields).to.include({ inReplyTo: 'r', protocol: 'fipa-request', conversationId: 'c' })
  })

  it('tells no more than the asker has room for, and how many there are', () => {
    for (let handle = 20; handle < 40; handle++) offer(`seller-${handle}`, handle, capability('sell', '1.0.0', 'x'.repeat(500)))
    room = 4_096
    say('request', { search: { name: 'sell' } })
    expect(scene.local.received[0]?.content.length).to.be.within(2_000, 4_000)
    expect(answers()[0]?.[1]['total']).to.equal(20)
  })

  it('does not understand what is malformed, and says why', () => {
    const malformed: unknown[] = [
      '', 'text', 5, [], {}, { search: 5 }, { search: {}, more: 1 }, { search: { nmae: 'x' } }, { search: { name: 5 } },
      { search: { version: 'x' } }, { search: { limit: 0 } }, { search: { limit: 1.5 } },
    ]
    for (const content of malformed) {
      for (const act of ['request', 'subscribe'] as const) {
        say(act, content)
        const [answer, ...more] = answers()
        expect([answer?.[0], more], JSON.stringify(content)).to.deep.equal(['not-understood', []])
        expect(answer?.[1]['reason']).to.be.a('string')
      }
    }
    say('propose', { search: {} })
    say('request', { search: {} }, { protocol: 'fipa-query' })
    expect(answers().map(([act]) => act)).to.deep.equal(['not-understood', 'not-understood'])
  })

  it('reads any content without an error of another kind', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json(), fc.anything().map(search => JSON.stringify({ search }) ?? '')), text => {
      try {
        expect(readSearch(Buffer.from(text)).limit).to.be.at.least(1)
      } catch (error) {
        expect(error).to.be.instanceOf(ContentMalformed)
      }
    }), { numRuns: process.env['CAXTON_TEST_LONG'] === '1' ? 100_000 : 500 })
  })

  it('stays silent towards failures and towards those who do not understand', () => {
    say('failure', { code: 'MAILBOX_FULL' })
    say('not-understood', 'what?')
    expect(answers()).to.deep.equal([])
  })

  it('tells a subscriber what is offered, then what changes, until it cancels', async () => {
    offer('seller', 20, capability('sell'))
    say('subscribe', { search: { name: 'sell' } }, { conversationId: 'c' })
    expect(answers().map(([act, content]) => [act, content['total']])).to.deep.equal([['agree', undefined], ['inform', 1]])
    offer('other', 21, capability('sell'), capability('buy'))
    offers.end(20)
    await settled()
    const changes = answers().flatMap(([, content]) => content['changes'] as object[])
    expect(changes).to.have.length(2)
    expect(changes[0]).to.deep.equal({ removed: { name: 'sell', version: '1.0.0', agent: 'seller' } })
    expect(changes[1]).to.have.nested.include({ 'added.agent': 'other', 'added.name': 'sell' })
    say('cancel', '', { conversationId: 'c' })
    say('cancel', '', { conversationId: 'c' })
    const reason = 'there is no subscription in this conversation'
    expect(answers()).to.deep.equal([['inform', { cancelled: true }], ['failure', { reason }]])
    offers.end(21)
    await settled()
    expect(answers()).to.deep.equal([])
  })

  it('refuses a second subscription in a conversation, and more of one subscriber than it may have', () => {
    for (let index = 0; index < 64; index++) say('subscribe', { search: {} }, { conversationId: `c${index}` })
    scene.local.received.length = 0
    say('subscribe', { search: {} }, { conversationId: 'c1' })
    say('subscribe', { search: {} }, { conversationId: 'c64' })
    expect(answers().map(([act]) => act)).to.deep.equal(['refuse', 'refuse'])
    expect(facilitator.subscriptions.size).to.equal(64)
  })

  it('tells a subscriber everything later whose mailbox was full', async () => {
    say('subscribe', { search: {} }, { conversationId: 'c' })
    scene.local.refusal = 'MAILBOX_FULL'
    offer('seller', 20, capability('sell'))
    await settled()
    scene.local.refusal = undefined
    scene.local.received.length = 0
    clock.advance(1_000)
    expect(answers().map(([act, content]) => [act, content['total']])).to.deep.equal([['inform', 1]])
    offers.end(20)
    await settled()
    expect(answers()[0]?.[1]).to.have.property('changes')
  })

  it('forgets a subscriber that is gone, or does not understand any more', async () => {
    say('subscribe', { search: {} }, { conversationId: 'c' })
    say('subscribe', { search: {} }, { conversationId: 'd' })
    say('not-understood', '', { conversationId: 'd' })
    expect(facilitator.subscriptions.size).to.equal(1)
    scene.routes.set(scene.here.handle, 10, 1, 2, 1)
    offer('seller', 20, capability('sell'))
    await settled()
    expect(facilitator.subscriptions.size).to.equal(0)
  })
})
