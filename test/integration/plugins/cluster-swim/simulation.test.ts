import { expect } from 'chai'
import { SimulatedCluster, type SimulatedNode } from '../../../support/cluster-swim/simulated-cluster.js'

/** At the counts that the cluster is built for, with the run's own seed; otherwise smaller, with seeds that repeat. */
const LONG = process.env['CAXTON_TEST_LONG'] === '1'
const SEED = LONG ? Number(process.env['CAXTON_TEST_SEED'] ?? 1) : 1
const SOME = LONG ? 100 : 30
const MINORITY = LONG ? 49 : 29
const MAJORITY = MINORITY + 2
const ALL = MINORITY + MAJORITY
const MINUTE = 60_000
const WHILE = LONG ? 5 * MINUTE : MINUTE

const numberOf = (host: string): number => Number(host.split('.')[3])

describe(`cluster-swim in virtual time (seed ${SEED}, ${LONG ? 'long' : 'short'})`, function () {
  this.timeout(LONG ? 30 * MINUTE : 2 * MINUTE)
  let cluster: SimulatedCluster

  const start = async (count: number): Promise<void> => {
    cluster = new SimulatedCluster(SEED)
    await cluster.start(count)
    await cluster.until(() => cluster.isComplete(), 10_000, 'every node sees every other one')
  }
  const everyone = (): SimulatedNode[] => [...cluster.nodes.values()]
  const isDeadEverywhere = (name: string): boolean => everyone().every(({ swim }) => swim.member(name)?.state === 'dead')
  const died = (since = 0): string[] => [...new Set(cluster.changes('died', since).map(({ change }) => change.member.nodeId))]
  const views = (nodes = everyone()): string[] => [...new Set(nodes.map(({ swim }) => {
    const { standing, reachable, admitted } = swim.view()
    return `${standing} ${reachable}/${admitted}`
  }))]
  const cutOff = (number: number): void => {
    cluster.split(host => numberOf(host) === number)
  }

  afterEach(async () => cluster.stop())

  it('sees 100 nodes join within 1 s, one that is killed within 4.5 s everywhere, and nobody else die', async () => {
    cluster = new SimulatedCluster(SEED)
    await cluster.start(100)
    await cluster.until(() => cluster.isComplete(), 1000, 'every node sees every other one')
    await cluster.time.pass(3000)
    cluster.kill('node-50')
    await cluster.until(() => isDeadEverywhere('node-50'), 4500, 'node-50 is dead everywhere')
    expect(died()).to.deep.equal(['node-50'])
    expect(views()).to.have.length.within(1, 2)
  })

  it(`splits ${ALL} nodes into a majority of ${MAJORITY} and a minority of ${MINORITY}, and heals within 5 s`, async () => {
    await start(ALL)
    cluster.split(host => numberOf(host) <= MINORITY)
    await cluster.time.pass(LONG ? 5 * MINUTE : 10_000)
    expect(views(everyone().slice(0, MINORITY))).to.deep.equal([`minority ${MINORITY}/${ALL}`])
    expect(views(everyone().slice(MINORITY))).to.deep.equal([`majority ${MAJORITY}/${ALL}`])
    cluster.weather({})
    await cluster.until(() => cluster.isComplete(), 5000, 'all are alive again')
    await cluster.until(() => views().join() === `reconciling ${ALL}/${ALL}`, 1000, 'all reconcile')
    for (const { swim } of everyone()) swim.reconciled()
    expect(views()).to.deep.equal([`normal ${ALL}/${ALL}`])
  })

  it('makes both halves of a cluster minorities, and heals within 5 s after five minutes', async () => {
    await start(20)
    cluster.split(host => numberOf(host) <= 10)
    await cluster.time.pass(5 * MINUTE)
    expect(views()).to.deep.equal(['minority 10/20'])
    cluster.weather({})
    await cluster.until(() => cluster.isComplete(), 5000, 'all are alive again')
    await cluster.until(() => views().join() === 'reconciling 20/20', 1000, 'all reconcile')
  })

  it('is whole as soon as all are alive again, whatever each was about to find out when a partition healed', async () => {
    const heal = async (seed: number, after: number): Promise<number> => {
      cluster = new SimulatedCluster(seed)
      await cluster.start(10)
      await cluster.until(() => cluster.isComplete(), 10_000, 'every node sees every other one')
      await cluster.time.pass(3000)
      cluster.split(host => numberOf(host) <= 4)
      await cluster.time.pass(after)
      cluster.weather({})
      await cluster.until(() => cluster.isComplete(), 5000, 'all are alive again')
      const isWhole = (): boolean => everyone().every(({ swim }) => {
        const { standing, reachable } = swim.view()
        return reachable === 10 && (standing === 'reconciling' || standing === 'normal')
      })
      return cluster.until(isWhole, 5000, 'all are whole')
    }
    // Healed while nodes ask one another who is there: with suspects among them, or with some that were dead when they began.
    const moments = LONG ? [SEED] : [6, 19, 23]
    for (const seed of moments) {
      for (const after of [2300, 6603, 7151, 8822]) {
        expect(await heal(seed, after), `seed ${seed}, healed after ${after} ms`).to.be.at.most(500)
        await cluster.stop()
      }
    }
  })

  it('lets the half that has the tie-breaker go on', async () => {
    cluster = new SimulatedCluster(SEED)
    const needs = { standing: { stableAfter: 3000, tieBreaker: 'node-1' } }
    await cluster.add('node-1', { needs })
    for (const name of ['node-2', 'node-3', 'node-4']) await cluster.add(name, { seeds: ['10.0.0.1:7946'], needs })
    await cluster.until(() => cluster.isComplete(), 5000, 'all see all')
    await cluster.time.pass(500)
    cluster.split(host => numberOf(host) <= 2)
    await cluster.time.pass(12_000)
    expect(views()).to.deep.equal(['majority 2/4', 'minority 2/4'])
  })

  for (const percent of [10, 25]) {
    it(`buries nobody while ${percent} % of the packets get lost, but finds the dead`, async () => {
      await start(SOME)
      cluster.weather({ loss: percent / 100 })
      await cluster.time.pass(WHILE)
      expect(died()).to.deep.equal([])
      cluster.kill('node-5')
      await cluster.until(() => isDeadEverywhere('node-5'), 6000, 'node-5 is dead everywhere')
      expect(died()).to.deep.equal(['node-5'])
    })
  }

  it('buries nobody whom a fifth of the nodes can\'t hear, or who can\'t hear a fifth', async () => {
    await start(SOME)
    const lost = { loss: 1, latency: [0.2, 2] as const }
    cluster.weather({}, (from, to) => {
      const isMute = numberOf(from) === 7 && numberOf(to) % 5 === 1
      const isDeaf = numberOf(to) === 9 && numberOf(from) % 5 === 2
      return isMute || isDeaf ? lost : undefined
    })
    await cluster.time.pass(WHILE)
    expect(died()).to.deep.equal([])
  })

  it('suspects only those who stand still for 2 s, and buries none of them', async () => {
    await start(SOME)
    await cluster.time.pass(3000)
    const stopped = ['node-4', 'node-11', 'node-15', 'node-16', 'node-28']
    for (let round = 0; round < 5; round++) {
      for (const name of stopped) cluster.node(name).clock.stall(2000)
      await cluster.time.pass(8000)
    }
    const suspected = new Set(cluster.changes('suspected').map(({ change }) => change.member.nodeId))
    expect([...suspected].filter(name => !stopped.includes(name))).to.deep.equal([])
    expect(died()).to.deep.equal([])
    expect(cluster.isComplete()).to.equal(true)
  })

  it('buries nobody because of a node whose link comes and goes', async () => {
    await start(SOME)
    for (let round = 0; round < 20; round++) {
      cutOff(7)
      await cluster.time.pass(1000)
      cluster.weather({})
      await cluster.time.pass(1000)
    }
    expect(died()).to.deep.equal([])
    await cluster.until(() => cluster.isComplete(), 5000, 'all are alive')
  })

  it('knows soon on a node that is cut off that it is a minority', async () => {
    await start(SOME)
    await cluster.time.pass(2000)
    cutOff(7)
    await cluster.until(() => cluster.node('node-7').swim.view().standing === 'minority', 9000, 'node-7 is a minority')
    expect(cluster.node('node-7').swim.view()).to.include({ reachable: 1, admitted: SOME, isWritable: false })
    cluster.weather({})
    await cluster.until(() => cluster.isComplete(), 5000, 'all are alive again')
  })

  it('comes together again after all nodes were killed and started anew, with nobody taken for dead', async () => {
    await start(SOME)
    await cluster.time.pass(3000)
    const before = everyone()
    for (const { name } of before) cluster.kill(name)
    await cluster.time.pass(1000)
    for (const { name, address, store } of before) {
      await cluster.add(name, { host: address.host, store, seeds: ['10.0.0.1:7946', '10.0.0.2:7946'] })
    }
    await cluster.until(() => cluster.isComplete(), 5000, 'every node sees every other one')
    await cluster.time.pass(10_000)
    expect(died()).to.deep.equal([])
    expect(views()).to.deep.equal([`normal ${SOME}/${SOME}`])
  })

  it('takes a node back at another address, when nobody answers at the old one', async () => {
    await start(5)
    const { store } = cluster.node('node-3')
    cluster.kill('node-3')
    await cluster.add('node-3', { host: '10.1.0.1', store, seeds: ['10.0.0.1:7946'] })
    await cluster.until(() => everyone().every(({ swim }) => swim.member('node-3')?.host === '10.1.0.1'), 20_000, 'node-3 has moved')
    await cluster.until(() => cluster.isComplete(), 5000, 'all are alive')
  })

  it('leaves a name to the node that had it first', async () => {
    await start(7)
    const { expelled: first } = cluster.node('node-3')
    const newcomer = await cluster.add('node-3', { host: '10.1.0.1', seeds: ['10.0.0.1:7946'] })
    await cluster.until(() => newcomer.expelled.length > 0, 10_000, 'the newcomer gives way')
    expect(newcomer.expelled).to.deep.equal([{ kind: 'name-taken', holder: '10.0.0.3:7946' }])
    expect(first).to.deep.equal([])
    expect(cluster.node('node-1').swim.member('node-3')).to.include({ host: '10.0.0.3', state: 'alive' })
  })
})
