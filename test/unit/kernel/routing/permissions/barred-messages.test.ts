import { expect } from 'chai'
import { HOST_RESULTS } from '../../../../../kernel/contract/index.js'
import { MessagePolicy } from '../../../../../kernel/routing/permissions/message-policy.js'
import { PolicyBook } from '../../../../../kernel/routing/permissions/policy-book.js'
import type { PolicyRule } from '../../../../../kernel/routing/permissions/policy-rules.js'
import { contentOf, RoutingScene } from '../../../../support/routing-scene.js'

const NOBODY = { handle: 0, generation: 0 }

describe('a message that the policy for agents does not let go', () => {
  let scene: RoutingScene
  let now: number

  beforeEach(() => {
    now = 0
    scene = new RoutingScene()
  })

  function adopt (...rules: ReadonlyArray<Partial<PolicyRule>>): void {
    const { here, alsoHere, there } = scene
    const book = new PolicyBook({ owners: () => [[here.handle, 'here'], [alsoHere.handle, 'bank'], [there.handle, 'shop']] })
    const pattern: PolicyRule = { from: ['*'], to: ['*'], acts: undefined, effect: 'deny', rate: 0 }
    book.adopt({ otherwise: 'allow', rules: rules.map(each => ({ ...pattern, ...each })) })
    if (book.tables !== undefined) scene.post.policy = new MessagePolicy(book.tables, () => now)
  }

  const codes = (): unknown[] => scene.local.received.map(frame => contentOf(frame)['code'])

  it('comes back to its sender as a failure, in the name of its receiver, and is kept as a dead letter', () => {
    adopt({ to: ['bank'], acts: ['request'] })
    const { result, frame } = scene.send(scene.here, { fields: { replyWith: 'x' } })
    expect(result).to.equal(HOST_RESULTS.ok)
    expect(frame.counter).to.not.equal(0n)
    const [failure] = scene.local.received
    expect(failure).to.deep.include({ act: 'failure', sender: scene.alsoHere, receiver: scene.here })
    expect(failure?.fields.inReplyTo).to.equal('x')
    expect([codes(), scene.observer.letters.map(({ reason }) => reason)]).to.deep.equal([['MESSAGE_FORBIDDEN'], ['MESSAGE_FORBIDDEN']])
    expect(scene.send(scene.here, { act: 'inform' }).result).to.equal(HOST_RESULTS.ok)
    expect(scene.local.received).to.have.length(2)
  })

  it('begins no conversation', () => {
    adopt({ to: ['bank'] })
    scene.send(scene.here, { fields: { protocol: 'fipa-request' } })
    expect([codes(), scene.local.received[0]?.conversation, scene.conversations.table.size]).to.deep.equal([['MESSAGE_FORBIDDEN'], 0n, 0])
  })

  it('ends its branch of a conversation that is open', () => {
    const { frame } = scene.send(scene.here, { fields: { protocol: 'fipa-request' } })
    adopt({ from: ['here'], to: ['bank'], acts: ['cancel'] })
    scene.send(scene.here, { act: 'cancel', conversation: frame.conversation, fields: { protocol: 'fipa-request' } })
    expect(scene.local.received.at(-1)).to.deep.include({ act: 'failure', conversation: frame.conversation, receiver: scene.here })
    expect(scene.conversations.table.size).to.equal(0)
  })

  it('is one of several copies: the others go, in one conversation', () => {
    for (const { handle, generation } of [scene.alsoHere, scene.there]) {
      scene.capabilities.apply({ removed: [], added: [['sell', handle, generation, 1e10]] })
    }
    adopt({ to: ['bank'] })
    const { result, frame } = scene.send(scene.here, { to: NOBODY, fields: { toCapability: 'all:sell', protocol: 'fipa-request' } })
    expect(result).to.equal(HOST_RESULTS.ok)
    expect(scene.takeFromRing()).to.deep.include({ receiver: scene.there, conversation: frame.conversation })
    expect([codes(), scene.local.received[0]?.conversation]).to.deep.equal([['MESSAGE_FORBIDDEN'], 0n])
    adopt({})
    expect(scene.send(scene.here, { to: NOBODY, fields: { toCapability: 'all:sell' } }).result).to.equal(HOST_RESULTS.ok)
    expect(codes()).to.deep.equal(Array(3).fill('MESSAGE_FORBIDDEN'))
  })

  it('is refused at once where it only comes too soon', () => {
    adopt({ effect: 'allow', rate: 1 })
    expect(Array.from({ length: 3 }, () => scene.send(scene.here).result)).to.deep.equal([0, 0, HOST_RESULTS.quota])
    now += 1_000
    expect(scene.send(scene.here).result).to.equal(HOST_RESULTS.ok)
    expect([scene.local.received.length, scene.observer.letters.length]).to.deep.equal([3, 0])
  })

  it('was not kept, if it was to be kept', () => {
    adopt({ to: ['bank'] })
    scene.send(scene.here, { delivery: 1 })
    expect([codes(), scene.takeFromRing(scene.toMain)]).to.deep.equal([['MESSAGE_FORBIDDEN'], undefined])
  })
})
