import { randomBytes } from 'node:crypto'
import { expect } from 'chai'
import type { ClusterSwim } from '../../../../plugins/cluster-swim/cluster-swim.js'
import { socketNode, type SocketNode } from '../../../support/cluster-swim/socket-node.js'
import { until } from '../../../support/until.js'

const forever = new AbortController().signal

describe('cluster-swim on real sockets', () => {
  const nodes: SocketNode[] = []
  const start = async (...parameters: Parameters<typeof socketNode>): Promise<SocketNode> => {
    const node = await socketNode(...parameters)
    nodes.push(node)
    return node
  }
  const states = ({ swim }: SocketNode): string[] => swim.members().map(({ nodeId, state }) => `${nodeId} ${state}`)

  afterEach(async () => {
    await Promise.all(nodes.map(({ swim }) => swim.stop()))
    nodes.length = 0
  })

  it('lets nodes join through one of them, and tells each how the others take links', async () => {
    const first = await start('one', { host: '127.0.0.1' })
    await start('two', { host: '127.0.0.2', seeds: [first.seed] })
    const third = await start('three', { host: '127.0.0.3' })
    expect(await third.swim.join([first.seed], forever)).to.equal(1)
    await until(() => nodes.every(node => states(node).length === 3))
    for (const node of nodes) expect(states(node)).to.deep.equal(['one alive', 'three alive', 'two alive'])
    expect(first.swim.member('two')).to.include({ host: '127.0.0.2', isCaxton: true, zone: 'a', version: '0.1.0' })
    expect(first.swim.member('two')?.roads).to.deep.equal([{ transport: 'tcp', driver: 'tls', port: 7947 }])
    await until(() => first.swim.view().admitted === 3)
    expect(await first.swim.ping('three', forever)).to.be.within(0, 500)
  })

  it('says that a node left when it leaves', async () => {
    const first = await start('one')
    const second = await start('two', { seeds: [first.seed] })
    await until(() => states(first).length === 2)
    await second.swim.leave(forever)
    await until(() => first.swim.member('two')?.state === 'left')
    await until(() => first.swim.view().admitted === 1)
  })

  it('finds out that a node has died, and takes it back under its old name', async function () {
    this.timeout(20_000)
    const first = await start('one')
    const second = await start('two', { seeds: [first.seed] })
    await start('three', { seeds: [first.seed] })
    await until(() => nodes.every(node => states(node).length === 3))
    await second.swim.stop()
    await until(() => first.swim.member('two')?.state === 'dead', 8000)
    const { gossipPort } = first.swim.member('two') ?? {}
    await start('two', { port: gossipPort ?? 0, seeds: [first.seed] })
    await until(() => first.swim.member('two')?.state === 'alive', 8000)
  })

  it('keeps out who has another key, or none, and says so once for each', async () => {
    const key = randomBytes(32).toString('base64')
    const first = await start('one', {}, key)
    const second = await start('two', {}, key)
    const stranger = await start('three', {}, randomBytes(32).toString('base64'))
    const plain = await start('four')
    expect(await second.swim.join([first.seed], forever)).to.equal(1)
    const refusal = async (swim: ClusterSwim): Promise<unknown> => swim.join([first.seed], forever).catch((error: unknown) => error)
    expect(await refusal(stranger.swim)).to.have.property('code', 'CLUSTER_JOIN_FAILED')
    expect(await refusal(plain.swim)).to.have.property('code', 'CLUSTER_JOIN_FAILED')
    await refusal(plain.swim)
    expect(states(first)).to.deep.equal(['one alive', 'two alive'])
    // It may have had time to warn of an even number of nodes, too.
    expect(first.context.said('warn').filter(said => said.includes('is refused'))).to.have.length(2)
  })

  it('changes its key on all nodes while they run, without a gap', async () => {
    const old = randomBytes(32).toString('base64')
    const first = await start('one', {}, old)
    const second = await start('two', { seeds: [first.seed] }, old)
    const third = await start('three', { seeds: [first.seed] }, old)
    await until(() => nodes.every(node => states(node).length === 3))
    const whole = { asked: 3, answered: 3, failures: [] }
    const { keys: [before] } = await first.swim.keyRounds.list(forever)
    expect(before).to.include({ nodes: 3, inUse: 3 })
    const { fingerprint, round } = await second.swim.keyRounds.install(randomBytes(32).toString('base64'), forever)
    expect(round).to.deep.equal(whole)
    expect(await third.swim.keyRounds.use(fingerprint, forever)).to.deep.equal(whole)
    expect(await first.swim.keyRounds.remove(before?.fingerprint ?? '', forever)).to.deep.equal(whole)
    const { keys } = await second.swim.keyRounds.list(forever)
    expect(keys).to.deep.equal([{ fingerprint, nodes: 3, inUse: 3 }])
    for (const node of nodes) expect(states(node)).to.deep.equal(['one alive', 'three alive', 'two alive'])
  })

  it('refuses an address that others reach without a key', async () => {
    const refused = await socketNode('one', { host: '0.0.0.0' }).catch((error: unknown) => error)
    expect(refused).to.have.property('code', 'LISTENER_UNPROTECTED')
  })
})
