import { expect } from 'chai'
import { HOST_RESULTS } from '../../../../../kernel/contract/index.js'
import { CONDITION } from '../../../../../kernel/routing/directory/route-table.js'
import { Reach } from '../../../../../kernel/routing/permissions/reach.js'
import { RoutingScene, type Sending } from '../../../../support/routing-scene.js'

const NOBODY = { handle: 0, generation: 0 }
const { ok, denied, noSuchAgent } = HOST_RESULTS

describe('an agent that may not write to everybody', () => {
  let scene: RoutingScene
  let reach: Reach

  beforeEach(() => {
    scene = new RoutingScene()
    reach = new Reach({ send: ['shop-*'], publish: ['prices.*'] }, scene.names)
    scene.names.set('bank', scene.alsoHere.handle, scene.alsoHere.generation)
    scene.names.set('shop-1', scene.there.handle, scene.there.generation)
  })

  const send = (sending: Sending): number => scene.send(scene.here, { ...sending, reach }).result
  const delivered = (): number => scene.local.received.length

  it('is told so at once, whichever way it names the receiver, and nothing is sent', () => {
    expect(send({ to: scene.alsoHere })).to.equal(denied)
    expect(send({ to: NOBODY, fields: { to: 'bank' } })).to.equal(denied)
    expect(send({ to: scene.alsoHere, act: 'request', fields: { protocol: 'fipa-request' } })).to.equal(denied)
    expect([delivered(), scene.observer.letters.length, scene.takeFromRing()]).to.deep.equal([0, 0, undefined])
    expect(send({ to: scene.there })).to.equal(ok)
    expect(send({ to: NOBODY, fields: { to: 'shop-1' } })).to.equal(ok)
    expect([scene.takeFromRing()?.receiver, scene.takeFromRing()?.receiver]).to.deep.equal([scene.there, scene.there])
  })

  it('is told that nobody is there rather than that it may not, where nobody is', () => {
    expect(send({ to: { handle: 99, generation: 1 } })).to.equal(noSuchAgent)
    expect(send({ to: NOBODY, fields: { to: 'bank-9' } })).to.equal(noSuchAgent)
  })

  it('reaches of those who offer a capability only the ones that it may write to', () => {
    for (const { handle, generation } of [scene.alsoHere, scene.there]) {
      scene.capabilities.apply({ removed: [], added: [['sell', handle, generation, 1e10]] })
    }
    for (const choice of ['one', 'one', 'hash', 'all']) {
      expect(send({ to: NOBODY, fields: { toCapability: `${choice}:sell` } }), choice).to.equal(ok)
      expect(scene.takeFromRing()?.receiver, choice).to.deep.equal(scene.there)
    }
    expect(delivered()).to.equal(0)
    scene.routes.setCondition(scene.there.handle, CONDITION.stopped)
    for (const choice of ['one', 'all']) expect(send({ to: NOBODY, fields: { toCapability: `${choice}:sell` } })).to.equal(noSuchAgent)
  })

  it('publishes under its topics to whoever subscribes, and under no others', () => {
    scene.topics.apply({ removed: [], added: [['#', scene.alsoHere.handle, scene.alsoHere.generation]] })
    expect(send({ to: NOBODY, act: 'inform', fields: { toTopic: 'prices.gold' } })).to.equal(ok)
    expect(delivered()).to.equal(1)
    expect(send({ to: NOBODY, act: 'inform', fields: { toTopic: 'news' } })).to.equal(denied)
    expect(delivered()).to.equal(1)
  })
})
