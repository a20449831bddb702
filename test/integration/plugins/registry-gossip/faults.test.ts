import { expect } from 'chai'
import fc from 'fast-check'
import { EntryBlockWriter } from '../../../../plugins/registry-gossip/wire/entry-block.js'
import { headsMessage, partMessage } from '../../../../plugins/registry-gossip/wire/registry-messages.js'
import { listingOf, RegistrySimulation } from '../../../support/registry/registry-simulation.js'

const SEED = fc.readConfigureGlobal().seed ?? 1
const NODES = 20
const TAIL = 64
const id = (index: number): string => `node-${String(index).padStart(3, '0')}`
const OWNER = id(0)

describe(`registry-gossip when nodes and links fail (seed ${SEED})`, () => {
  let simulation: RegistrySimulation

  beforeEach(async () => {
    simulation = await RegistrySimulation.of(SEED, NODES, { tail: TAIL })
    await simulation.converge(5_000)
  })

  afterEach(() => simulation.end())

  const announce = (nodeId: string, prefix: string, count: number): void => {
    for (let index = 0; index < count; index++) simulation.registry(nodeId).announce(listingOf(`${prefix}-${index}`))
  }

  const findsEverywhere = (name: string): boolean[] => simulation.living().map(({ registry }) => registry.find(name) !== undefined)

  it('spreads from those who heard it what a node said just before it died', async () => {
    simulation.breakPaths(0.7)
    announce(OWNER, 'last-words', 5)
    await simulation.clock.pass(6)
    await simulation.kill(OWNER)
    expect(findsEverywhere('last-words-0')).to.include(true).and.include(false)
    await simulation.converge(10_000)
    expect(findsEverywhere('last-words-0')).not.to.include(false)
  })

  it('goes on finding the agents of a dead node', async () => {
    announce(OWNER, 'left-behind', 3)
    await simulation.converge(1_000)
    await simulation.kill(OWNER)
    await simulation.clock.pass(60_000)
    expect(simulation.registry(id(1)).find('left-behind-2')?.nodeId).to.equal(OWNER)
  })

  it('takes the agents of a node that starts again for all that it has', async () => {
    announce(OWNER, 'before', 10)
    await simulation.converge(1_000)
    await simulation.kill(OWNER)
    await simulation.clock.pass(100)
    await simulation.start(OWNER, false, registry => { registry.announce(listingOf('after')) })
    await simulation.converge(2_000)
    expect(findsEverywhere('before-0')).not.to.include(true)
    expect(findsEverywhere('after')).not.to.include(false)
  })

  it('believes that a node that starts again has no agents any more', async () => {
    announce(OWNER, 'before', 10)
    await simulation.converge(1_000)
    await simulation.kill(OWNER)
    await simulation.start(OWNER)
    await simulation.converge(5_000)
    expect(findsEverywhere('before-0')).not.to.include(true)
  })

  it('believes a node that lost its store and whose clock went back', async () => {
    announce(OWNER, 'before', 10)
    await simulation.converge(1_000)
    await simulation.kill(OWNER)
    simulation.clock.jumpTo(Date.UTC(2001, 0, 1))
    await simulation.start(OWNER, true, registry => { registry.announce(listingOf('reborn')) })
    await simulation.converge(5_000)
    expect(findsEverywhere('before-0')).not.to.include(true)
    expect(findsEverywhere('reborn')).not.to.include(false)
  })

  it('gives whoever missed more than the tail of a log all of it anew', async () => {
    announce(OWNER, 'old', 30)
    await simulation.converge(1_000)
    simulation.partition(nodeId => nodeId === id(1) ? 1 : 0)
    await simulation.clock.pass(5_000)
    for (let round = 0; round < 5; round++) {
      announce(OWNER, `round-${round}`, TAIL)
      await simulation.clock.pass(200)
    }
    for (let index = 0; index < 30; index++) simulation.registry(OWNER).withdraw(`old-${index}`)
    await simulation.clock.pass(1_000)
    simulation.partition(() => 0)
    await simulation.converge(8_000)
    expect(simulation.registry(id(1)).count(OWNER)).to.equal(5 * TAIL)
    expect(simulation.registry(id(1)).find('old-0')).to.equal(undefined)
  })

  it('gives a newcomer everything, while agents come and go', async () => {
    for (let index = 0; index < NODES; index++) announce(id(index), `many-${index}`, 300)
    await simulation.converge(5_000)
    await simulation.start('node-new')
    for (let round = 0; round < 10; round++) {
      simulation.registry(OWNER).withdraw(`many-0-${round}`)
      announce(OWNER, `late-${round}`, 3)
      await simulation.clock.pass(40)
    }
    await simulation.converge(5_000)
    expect(simulation.registry('node-new').count()).to.equal(NODES * 300 + 20)
  })

  it('is the same everywhere after a partition in which both sides changed much', async () => {
    for (let index = 0; index < NODES; index++) announce(id(index), `from-${index}`, 20)
    await simulation.converge(5_000)
    simulation.partition(nodeId => Number(nodeId > id(9)))
    for (let minute = 0; minute < 5; minute++) {
      for (let index = 0; index < NODES; index++) {
        announce(id(index), `apart-${index}-${minute}`, 10)
        simulation.registry(id(index)).withdraw(`from-${index}-${minute}`)
      }
      await simulation.clock.pass(60_000)
    }
    expect(simulation.difference()).to.be.a('string')
    simulation.partition(() => 0)
    expect(await simulation.converge(8_000)).to.be.most(8_000)
  })

  it('lets the higher claim win after a partition, everywhere', async () => {
    announce(id(3), 'single', 1)
    await simulation.converge(1_000)
    simulation.partition(nodeId => Number(nodeId > id(9)))
    await simulation.clock.pass(5_000)
    simulation.registry(id(15)).announce(listingOf('single-0', { claim: 2 }))
    await simulation.clock.pass(60_000)
    expect(simulation.registry(id(4)).find('single-0')?.nodeId).to.equal(id(3))
    simulation.partition(() => 0)
    await simulation.converge(8_000)
    const found = simulation.living().map(({ registry }) => registry.find('single-0')?.nodeId)
    expect(new Set(found)).to.deep.equal(new Set([id(15)]))
    expect(simulation.registry(id(4)).claims('single-0').map(({ nodeId }) => nodeId)).to.deep.equal([id(15), id(3)])
  })

  it('forgets a removed node although a late one still tells of it', async () => {
    announce(OWNER, 'gone', 3)
    await simulation.converge(1_000)
    await simulation.kill(OWNER)
    await simulation.clock.pass(5_000)
    const [late, ...others] = simulation.living()
    for (const { registry } of others) registry.forget(OWNER)
    await simulation.clock.pass(5_000)
    expect(others.filter(({ registry }) => registry.count(OWNER) > 0 || registry.nodes().includes(OWNER))).to.deep.equal([])
    late?.registry.forget(OWNER)
    await simulation.start(OWNER, false, registry => { registry.announce(listingOf('back')) })
    await simulation.converge(5_000)
    expect(findsEverywhere('back')).not.to.include(false)
  })

  it('repairs a node whose records are wrong although it missed nothing', async () => {
    announce(OWNER, 'true', 3)
    await simulation.converge(1_000)
    const block = new EntryBlockWriter(3)
    block.put(4, listingOf('forged'))
    const epoch = Math.floor(Date.UTC(2030, 0, 1) / 1_000)
    const forged = partMessage({ nodeId: OWNER, epoch, from: 3, to: 4, age: 0, head: undefined }, block)
    for (const nodeId of [id(1), id(2)]) simulation.links.forge(OWNER, nodeId, 'registry', forged)
    expect(findsEverywhere('forged').filter(isFound => isFound)).to.have.length(2)
    announce(OWNER, 'later', 1)
    await simulation.converge(5_000)
    expect(findsEverywhere('forged')).not.to.include(true)
  })

  it('complains once of a node that talks nonsense, and goes on', async () => {
    for (let times = 0; times < 5; times++) simulation.links.forge(id(3), OWNER, 'registry', Buffer.of(1, 2, 3))
    expect(simulation.log.lines.filter(({ level }) => level === 'warn')).to.have.length(1)
    announce(id(3), 'fine', 1)
    await simulation.converge(1_000)
  })

  it('says that it does badly while it can not have news of a living node, and well when that one is heard', async () => {
    const far = id(5)
    simulation.breakPath(OWNER, far)
    const heads = headsMessage([{ nodeId: far, epoch: 2 ** 40, sequence: 9, hash: 1, count: 9 }], true)
    simulation.links.forge(id(3), OWNER, 'registry', heads)
    await simulation.clock.pass(5_000)
    expect(simulation.registry(OWNER).health().state).to.equal('ready')
    await simulation.clock.pass(6_000)
    expect(simulation.registry(OWNER).health().state).to.equal('degraded')
    simulation.mendPaths()
    await simulation.clock.pass(20_000)
    expect(simulation.registry(OWNER).health().state).to.equal('ready')
  })

  it('does not wait for news of the dead', async () => {
    const heads = headsMessage([{ nodeId: 'nobody', epoch: 5, sequence: 9, hash: 1, count: 9 }], true)
    simulation.links.forge(id(3), OWNER, 'registry', heads)
    await simulation.clock.pass(20_000)
    expect(simulation.registry(OWNER).health().state).to.equal('ready')
  })

  it('leaves no timer behind when it stops', async () => {
    announce(OWNER, 'x', 3)
    await simulation.end()
    await simulation.clock.pass(10_000)
    expect(simulation.clock.pending).to.equal(0)
  })
})
