import { expect } from 'chai'
import type { ClusterView } from '../../../../kernel/contract/index.js'
import { SimulatedCluster } from '../../../support/cluster-swim/simulated-cluster.js'

const forever = new AbortController().signal

describe('membership by cluster-swim, in virtual time', function () {
  this.timeout(20_000)
  let cluster: SimulatedCluster

  beforeEach(async () => {
    cluster = new SimulatedCluster(1)
    await cluster.start(5)
    await cluster.until(() => cluster.isComplete(), 5000, 'all see all')
    await cluster.time.pass(1000)
  })
  afterEach(async () => cluster.stop())

  const view = (name = 'node-1'): ClusterView => cluster.node(name).swim.view()
  /** Lets time go by until a promise has settled. */
  const settle = async <T>(promise: Promise<T>): Promise<T> => {
    let isSettled = false
    const noted = promise.finally(() => { isSettled = true })
    noted.catch(() => {})
    await cluster.until(() => isSettled, 60_000, 'it settles')
    return noted
  }
  const codeOf = async (promise: Promise<unknown>): Promise<unknown> =>
    settle(promise).then(() => undefined, (error: unknown) => error instanceof Error && 'code' in error ? error.code : error)

  it('knows of a leave everywhere within a second, and counts who left no more', async () => {
    await settle(cluster.node('node-2').swim.leave(forever))
    expect(cluster.changes('left').map(({ by }) => by).sort()).to.deep.equal(['node-1', 'node-3', 'node-4', 'node-5'])
    expect(cluster.changes('suspected')).to.deep.equal([])
    await cluster.time.pass(500)
    expect(view()).to.include({ standing: 'normal', admitted: 4, reachable: 4 })
  })

  it('counts no fewer nodes than the cluster is to begin with, until so many have been seen: then who leaves counts no more', async () => {
    await cluster.stop()
    cluster = new SimulatedCluster(1)
    const needs = { expectedNodes: 3 }
    await cluster.add('node-1', { needs })
    await cluster.add('node-2', { seeds: ['10.0.0.1:7946'], needs })
    await cluster.time.pass(2000)
    expect(view()).to.include({ admitted: 3, reachable: 2 })
    await cluster.add('node-3', { seeds: ['10.0.0.1:7946'], needs })
    await cluster.time.pass(2000)
    expect(view()).to.include({ admitted: 3, reachable: 3 })
    await settle(cluster.node('node-3').swim.leave(forever))
    await cluster.time.pass(500)
    expect(view()).to.include({ standing: 'normal', admitted: 2, reachable: 2 })
  })

  it('counts a dead node until it is removed, which all others hear of', async () => {
    cluster.kill('node-2')
    await cluster.until(() => cluster.node('node-1').swim.member('node-2')?.state === 'dead', 5000, 'node-2 is dead')
    await cluster.time.pass(4000)
    expect(view()).to.include({ standing: 'majority', admitted: 5, reachable: 4 })
    await settle(cluster.node('node-1').swim.remove('node-2', false))
    await cluster.until(() => view('node-5').admitted === 4, 3000, 'node-5 hears of it')
    expect(cluster.changes('removed').map(({ by }) => by)).to.include.members(['node-1', 'node-5'])
    expect(cluster.node('node-1').swim.member('node-2')?.state).to.equal('left')
  })

  it('removes a node that is alive only by force; it takes no part any more, until it is started anew', async () => {
    const { swim } = cluster.node('node-1')
    expect(await codeOf(swim.remove('node-3', false))).to.equal('CLUSTER_NODE_ALIVE')
    expect(await codeOf(swim.remove('node-9', true))).to.equal('CLUSTER_NODE_UNKNOWN')
    const { expelled, store, address } = cluster.node('node-3')
    await settle(swim.remove('node-3', true))
    await cluster.time.pass(3000)
    expect(expelled).to.deep.equal([{ kind: 'removed' }])
    expect(view()).to.include({ admitted: 4, reachable: 4 })
    expect(swim.member('node-3')?.state).to.equal('left')
    cluster.kill('node-3')
    await cluster.add('node-3', { host: address.host, store, seeds: ['10.0.0.1:7946'] })
    await cluster.until(() => view('node-5').admitted === 5 && cluster.isComplete(), 5000, 'node-3 belongs to it again')
  })

  it('refuses to remove a node on a minority, unless it is forced', async () => {
    cluster.split(host => Number(host.split('.')[3]) <= 2)
    await cluster.until(() => view().standing === 'minority', 20_000, 'node-1 is a minority')
    const { swim } = cluster.node('node-1')
    await cluster.until(() => swim.member('node-5')?.state === 'dead', 20_000, 'node-5 is dead')
    expect(await codeOf(swim.remove('node-5', false))).to.equal('CLUSTER_REMOVAL_REFUSED')
    await settle(swim.remove('node-5', true))
    expect(view().admitted).to.equal(5)
    await cluster.time.pass(200)
    expect(view().admitted).to.equal(4)
  })

  it('ends a node that was removed while it was cut off, when it hears of it; started anew it belongs to it again', async () => {
    cluster.split(host => host === '10.0.0.5')
    await cluster.until(() => cluster.node('node-1').swim.member('node-5')?.state === 'dead', 20_000, 'node-5 is dead')
    await settle(cluster.node('node-1').swim.remove('node-5', false))
    await cluster.time.pass(5000)
    cluster.weather({})
    const { expelled, store, address } = cluster.node('node-5')
    await cluster.until(() => expelled.length > 0, 5000, 'node-5 hears of it')
    expect(expelled).to.deep.equal([{ kind: 'removed' }])
    cluster.kill('node-5')
    await cluster.add('node-5', { host: address.host, store, seeds: ['10.0.0.1:7946'] })
    await cluster.until(() => cluster.isComplete() && view().admitted === 5 && view('node-5').admitted === 5, 10_000, 'node-5 is back')
  })

  it('keeps the number of its nodes over a restart, so that one alone is no majority', async () => {
    const { store, address } = cluster.node('node-1')
    for (const name of cluster.nodes.keys()) cluster.kill(name)
    await cluster.add('node-1', { host: address.host, store })
    await cluster.time.pass(4000)
    expect(view()).to.include({ standing: 'minority', admitted: 5, reachable: 1, isWritable: false })
  })

  it('is no majority while it waits for the nodes through which it is to join', async () => {
    await cluster.add('late', { seeds: ['10.9.9.9:7946'] })
    await cluster.time.pass(4000)
    expect(view('late')).to.include({ standing: 'minority', isWritable: false })
    const said = cluster.node('late').log.lines.filter(({ level }) => level === 'warn').map(({ message }) => message)
    expect(said).to.deep.equal(['this node is alone, and nobody lets it in: connection refused'])
  })

  it('is a majority of one when all others have left', async () => {
    for (const name of ['node-1', 'node-2', 'node-3', 'node-4']) await settle(cluster.node(name).swim.leave(forever))
    await cluster.time.pass(4000)
    expect(view('node-5')).to.include({ standing: 'normal', admitted: 1, reachable: 1, isWritable: true })
  })

  it('says why it could not join', async () => {
    const { swim } = cluster.node('node-1')
    const refused = await settle(swim.join(['10.9.9.9:7946', 'not a seed'], forever).catch((error: unknown) => error))
    expect(refused).to.include({ code: 'CLUSTER_JOIN_FAILED' })
    expect(String(refused)).to.match(/connection refused/).and.to.match(/"not a seed" is not host:port/)
  })

  it('pings a node, and says who is silent', async () => {
    const { swim } = cluster.node('node-1')
    expect(await settle(swim.ping('node-2', forever))).to.be.within(0.4, 4)
    expect(await codeOf(swim.ping('nobody', forever))).to.equal('CLUSTER_NODE_UNKNOWN')
    cluster.kill('node-2')
    expect(await codeOf(swim.ping('node-2', forever))).to.equal('CLUSTER_NODE_SILENT')
    const calledOff = new Error('called off')
    expect(await codeOf(swim.ping('node-2', AbortSignal.abort(calledOff)))).to.equal(calledOff)
  })

  it('probes a doubted node at once, and suspects it only if it does not answer', async () => {
    cluster.node('node-1').swim.doubt('node-2')
    await cluster.time.pass(400)
    expect(cluster.changes('suspected')).to.deep.equal([])
    cluster.kill('node-3')
    const at = cluster.time.elapsed()
    cluster.node('node-1').swim.doubt('node-3')
    await cluster.time.pass(400)
    const [first] = cluster.changes('suspected', at)
    expect(first).to.include({ by: 'node-1' })
    expect(first?.at ?? 0).to.be.at.most(at + 301)
  })

  it('lets a few bytes ride on probes', async () => {
    const heard = new Map<string, string>()
    cluster.node('node-2').swim.whisper({ tell: () => Buffer.from('head 17'), heard: () => {} })
    cluster.node('node-1').swim.whisper({
      tell: () => new Uint8Array(), heard: (nodeId, bytes) => { heard.set(nodeId, Buffer.from(bytes).toString()) },
    })
    await cluster.until(() => heard.size > 0, 5000, 'node-1 hears it')
    expect([...heard]).to.deep.equal([['node-2', 'head 17']])
  })

  it('tells changes and views until the listener has enough', async () => {
    const enough = new AbortController()
    const told: string[] = []
    const { swim } = cluster.node('node-1')
    swim.onChange(({ kind, member }) => { told.push(`${member.nodeId} ${kind}`) }, enough.signal)
    swim.onView(({ admitted }) => { told.push(`view of ${admitted}`) }, enough.signal)
    await cluster.add('node-6', { seeds: ['10.0.0.1:7946'] })
    await cluster.until(() => told.includes('view of 6'), 3000, 'node-6 counts')
    expect(told[0]).to.equal('node-6 joined')
    enough.abort()
    told.length = 0
    cluster.kill('node-6')
    await cluster.time.pass(6000)
    expect(told).to.deep.equal([])
  })

  it('leaves no timer behind when it stops', async () => {
    await cluster.stop()
    await cluster.time.pass(30_000)
    expect(cluster.time.pending).to.equal(0)
  })
})
