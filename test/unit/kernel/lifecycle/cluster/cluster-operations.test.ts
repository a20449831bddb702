import { expect } from 'chai'
import type { Member, OperationContext, PeerLink } from '../../../../../kernel/contract/index.js'
import { MetricsRegistry } from '../../../../../kernel/observability/metrics.js'
import type { ClusterDeeds } from '../../../../../kernel/lifecycle/cluster/cluster-deeds.js'
import { clusterOperations, type ClusterOperationsMain } from '../../../../../kernel/lifecycle/cluster/cluster-operations.js'
import { RoundTripEcho } from '../../../../../kernel/lifecycle/cluster/round-trip-echo.js'
import { memberOf, StandInMembership, StandInPeers, StandInRegistry } from '../../../../support/cluster/stand-in-membership.js'
import { settled, VirtualClock } from '../../../../support/virtual-clock.js'

type Handler = (request: object, context: OperationContext) => unknown

const listing = (name: string, claim = 1) =>
  ({ name, claim, state: 'running' as const, delivery: 1, module: 'ab', offers: [], topics: [] })

/** Deeds that keep what they were asked, and say so in one step. */
class StandInDeeds implements ClusterDeeds {
  readonly asked: unknown[] = []
  incident: Parameters<ClusterDeeds['onIncident']>[0] = () => {}
  queued = 0

  async * leave (within: number, force: boolean) {
    this.asked.push(['leave', within, force])
    yield { sentence: 'gone', done: 1, total: 1 }
  }

  async * rebalance (dry: boolean) {
    this.asked.push(['rebalance', dry])
    yield { sentence: 'echo moves', done: 1, total: 2 }
  }

  queuedWrites (): number {
    return this.queued
  }

  onIncident (happened: Parameters<ClusterDeeds['onIncident']>[0]): void {
    this.incident = happened
  }
}

describe('The operations on the cluster', () => {
  const aborter = new AbortController()
  const { signal } = aborter
  let membership: StandInMembership
  let deeds: StandInDeeds
  let clock: VirtualClock
  let links: PeerLink[]

  const THREE: readonly [Member, ...Member[]] = [
    memberOf('node-1', { roads: [{ transport: 'tcp', driver: 'node:tls', port: 7947 }] }),
    memberOf('node-2', { roundTrip: 0.4, zone: 'b' }), memberOf('node-3', { roundTrip: 2 }),
  ]

  beforeEach(() => {
    membership = new StandInMembership(THREE)
    deeds = new StandInDeeds()
    clock = new VirtualClock()
    links = []
  })

  function mainOf (more: Partial<ClusterOperationsMain> = {}): ClusterOperationsMain {
    const registry = new StandInRegistry({ 'node-2': [listing('b'), listing('a')], 'node-1': [listing('c', 3)] })
    registry.heard.set('node-2', clock.now() - 1200)
    const peers = new StandInPeers(links, async (_nodeId, bytes) => bytes)
    return { clock, metrics: new MetricsRegistry(), membership, registry, peers, deeds, echo: undefined, ...more }
  }

  const handler = (name: string, main: object): Handler => clusterOperations.handlersOf(main)[name] as Handler

  async function call (name: string, request: object = {}, more: Partial<ClusterOperationsMain> = {}): Promise<unknown> {
    return handler(name, mainOf(more))(request, { signal } as OperationContext)
  }

  async function all (name: string, request: object = {}): Promise<unknown[]> {
    const answers: unknown[] = []
    for await (const answer of await call(name, request) as AsyncIterable<unknown>) answers.push(answer)
    return answers
  }

  const codeOf = async (work: Promise<unknown>): Promise<unknown> =>
    work.then(() => 'done', (error: unknown) => error instanceof Error && 'code' in error ? error.code : error)

  it('say on a server that stands alone what it lacks', async () => {
    const alone = { membership: undefined, registry: undefined, peers: undefined, deeds: undefined }
    for (const name of ['status', 'members', 'performance', 'ping', 'listAgents', 'remove', 'rejoin']) {
      expect(await codeOf(call(name, {}, alone)), name).to.equal('CLUSTER_NOT_CONFIGURED')
    }
    for (const name of ['watch', 'leave', 'rebalance']) {
      const stream = await call(name, {}, alone) as AsyncIterator<unknown>
      expect(await codeOf(stream.next()), name).to.equal('CLUSTER_NOT_CONFIGURED')
    }
  })

  describe('status', () => {
    it('is healthy when every node answers, and names the driver of each link', async () => {
      links = [{ nodeId: 'node-2', transport: 'quic', driver: 'chainsafe', since: 5, waiting: 7, state: 'open' }]
      expect(await call('status')).to.deep.include({
        nodeId: 'node-1', healthy: true, writable: true, standing: 'normal', admitted: 3, reachable: 3, agents: 3, agentsHere: 1, problems: [],
        links: [{ nodeId: 'node-2', transport: 'quic', driver: 'chainsafe', state: 'open', since: 5n, waitingBytes: 7n }],
        roads: [{ transport: 'tcp', driver: 'node:tls', port: 7947 }],
      })
    })

    it('is degraded and read-only in a minority, and says what waits', async () => {
      membership = new StandInMembership([THREE[0], memberOf('node-2', { state: 'dead' }), memberOf('node-3', { state: 'suspect' })])
      membership.stand({ standing: 'minority', reachable: 1, isWritable: false })
      deeds.queued = 4
      links = [{ nodeId: 'node-2', transport: 'tcp', driver: 'node:tls', since: 5, waiting: 0, state: 'broken' }]
      expect(await call('status')).to.deep.include({
        healthy: false, writable: false, queuedWrites: 4,
        problems: [
          '1 of 3 nodes answer: changes nothing until more do; 4 changes wait', 'node-2 is dead',
          'node-3 does not answer, and is suspected to be dead', 'no link to node-2 can be opened over tcp',
        ],
      })
    })

    for (const standing of ['unstable', 'majority', 'reconciling'] as const) {
      it(`is degraded but can be written to while ${standing}`, async () => {
        membership.stand({ standing })
        const status = await call('status') as { readonly problems: readonly string[] }
        expect(status).to.deep.include({ healthy: false, writable: true })
        expect(status.problems).to.have.length(1)
      })
    }
  })

  it('members are told with their agents, and when there was last news of them', async () => {
    const { members } = await call('members') as { readonly members: readonly object[] }
    expect(members).to.have.length(3)
    expect(members[0]).to.include({ nodeId: 'node-1', self: true, agents: 1, lastSeen: BigInt(clock.now()) })
    expect(members[1]).to.include({ nodeId: 'node-2', self: false, agents: 2, zone: 'b', roundTripMilliseconds: 0.4 })
    expect(members[1]).to.include({ lastSeen: BigInt(clock.now() - 1200) })
    expect(members[2]).to.include({ agents: 0, lastSeen: 1000n })
  })

  describe('watch', () => {
    it('says how the cluster stands, then what happens, until it is ended', async () => {
      const ended = new AbortController()
      const stream = handler('watch', mainOf())({}, { signal: ended.signal } as OperationContext) as AsyncGenerator<{ sentence: string, kind: string }>
      const told: string[] = []
      const reading = (async () => { for await (const { kind, sentence } of stream) told.push(`${kind}: ${sentence}`) })()
      await settled()
      const [, second = THREE[0]] = THREE
      membership.happen({ kind: 'suspected', member: second, because: 'no answer in 300 ms' })
      membership.happen({ kind: 'joined', member: memberOf('serf', { isCaxton: false }), because: '' })
      membership.stand({ standing: 'minority', reachable: 1, isWritable: false })
      membership.stand({ reachable: 2 })
      deeds.incident({ kind: 'adopted', nodeId: 'node-1', sentence: 'node-1 took over "a" of node-2' })
      await settled()
      ended.abort()
      await reading
      expect(told).to.deep.equal([
        'now: 3 of 3 nodes answer: the cluster is whole',
        'suspected: node-2 does not answer, and is suspected to be dead: no answer in 300 ms',
        'joined: serf joined from 127.0.0.1; it is no Caxton node',
        'minority: 1 of 3 nodes answer, which is a minority: READ-ONLY, changes are queued',
        'adopted: node-1 took over "a" of node-2',
      ])
      expect(membership.listeners).to.equal(0)
    })
  })

  describe('performance', () => {
    const figures = async (more: Partial<ClusterOperationsMain> = {}): Promise<ReadonlyMap<string, object>> => {
      const answer = await call('performance', {}, more) as { readonly figures: ReadonlyArray<{ readonly metric: string }> }
      return new Map(answer.figures.map(figure => [figure.metric, figure]))
    }

    it('sets what was measured beside its target', async () => {
      const metrics = new MetricsRegistry()
      const routing = metrics.histogram('caxton_message_routing_duration_seconds', '.', [0.00002, 0.00005, 0.002])
      routing.record(0.00001, { sample: 'raw' }, 95)
      routing.record(0.0015, { sample: 'raw' }, 5)
      routing.record(5, { sample: 'clean' }, 50)
      const told = await figures({ metrics })
      expect(told.get('local message P50')).to.deep.include({ targetMilliseconds: 0.1, actualMilliseconds: 0.02, met: true, samples: 100n })
      expect(told.get('local message P99')).to.deep.include({ targetMilliseconds: 1, actualMilliseconds: 2, met: false })
      expect(told.get('gossip convergence')).to.deep.include({ targetMilliseconds: 5000, actualMilliseconds: 1200, met: true, samples: 1n })
      expect(told.get('gossip round trip P50')).to.deep.include({ actualMilliseconds: 0.4, samples: 2n })
    })

    it('claims nothing of what was not measured', async () => {
      const told = await figures()
      for (const metric of ['agent start P50', 'remote round trip P50', 'remote round trip P99']) {
        expect(told.get(metric)).to.deep.include({ met: false, samples: 0n })
        expect(told.get(metric)).not.to.have.property('actualMilliseconds')
      }
    })

    it('asks other nodes over the links of messages, without the time of opening them', async () => {
      let asked = 0
      const peers = new StandInPeers([], async (nodeId, bytes) => {
        if (nodeId === 'node-3') throw new Error('away')
        clock.advance(asked++ === 0 ? 900 : 3)
        return bytes
      })
      const told = await figures({ echo: new RoundTripEcho(peers, clock) })
      expect(told.get('remote round trip P50')).to.deep.include({ actualMilliseconds: 3, met: true, samples: 20n })
      expect(told.get('remote round trip P99')).to.deep.include({ actualMilliseconds: 3, met: true })
    })

    it('waits for nodes that do not answer no longer than 5 s', async () => {
      const peers = new StandInPeers([], (_nodeId, _bytes, until) => new Promise((_resolve, reject) => {
        until.addEventListener('abort', () => reject(until.reason as Error))
      }))
      const measured = figures({ echo: new RoundTripEcho(peers, clock) })
      await settled()
      clock.advance(5_000)
      expect((await measured).get('remote round trip P50')).to.deep.include({ samples: 0n })
      expect(clock.pending).to.equal(0)
    })

    it('is answered by other nodes with what they were asked', async () => {
      const peers = new StandInPeers([], async (_nodeId, bytes) => bytes)
      new RoundTripEcho(peers, clock)
      expect(await peers.handlers.asked?.('node-2', Uint8Array.of(1, 2), signal)).to.deep.equal(Uint8Array.of(1, 2))
    })
  })

  describe('list of agents', () => {
    const names = (answer: unknown): string[] =>
      (answer as { readonly agents: ReadonlyArray<{ readonly nodeId: string, readonly name: string }> }).agents.map(({ nodeId, name }) => `${nodeId}/${name}`)
    const ask = { prefix: '', nodeId: '', limit: 0, after: '' }

    it('is by node, then by name', async () => {
      const answer = await call('listAgents', ask)
      expect(names(answer)).to.deep.equal(['node-1/c', 'node-2/a', 'node-2/b'])
      expect(answer).to.deep.include({
        next: '', stale: false, nodes: [{ nodeId: 'node-1', state: 'alive', agents: 1 }, { nodeId: 'node-2', state: 'alive', agents: 2 }],
      })
    })

    it('comes in pages that miss and repeat nothing', async () => {
      const seen: string[] = []
      let after = ''
      do {
        const answer = await call('listAgents', { ...ask, limit: 1, after }) as { readonly next: string }
        seen.push(...names(answer))
        after = answer.next
      } while (after !== '')
      expect(seen).to.deep.equal(['node-1/c', 'node-2/a', 'node-2/b'])
    })

    it('can be of one node, or of names with one beginning', async () => {
      expect(names(await call('listAgents', { ...ask, nodeId: 'node-2' }))).to.deep.equal(['node-2/a', 'node-2/b'])
      expect(names(await call('listAgents', { ...ask, prefix: 'c' }))).to.deep.equal(['node-1/c'])
    })

    it('is marked as stale while nodes are out of reach', async () => {
      membership.stand({ standing: 'majority', reachable: 2 })
      expect(await call('listAgents', ask)).to.include({ stale: true })
    })
  })

  it('hand leave and rebalance to those who can', async () => {
    expect(await all('leave', { drainMilliseconds: 0, force: false })).to.deep.equal([{ progress: { sentence: 'gone', done: 1, total: 1 } }])
    expect(await all('rebalance', { dryRun: true })).to.have.length(1)
    expect(deeds.asked).to.deep.equal([['leave', 60_000, false], ['rebalance', true]])
  })

  it('probe, remove and rejoin', async () => {
    expect(await call('ping', { nodeId: 'node-2' })).to.deep.equal({ roundTripMilliseconds: 0.25 })
    await call('remove', { nodeId: 'node-3', force: false })
    expect(await call('rejoin', { seeds: ['a:7946'] })).to.deep.equal({ joined: 2 })
    expect(membership.done).to.deep.equal(['ping node-2', 'remove node-3 false', 'join a:7946'])
  })

  it('change nothing in a minority unless they are forced', async () => {
    membership.stand({ standing: 'minority', reachable: 1, isWritable: false })
    expect(await codeOf(call('remove', { nodeId: 'node-3', force: false }))).to.equal('CLUSTER_READ_ONLY')
    expect(await codeOf(all('leave', { drainMilliseconds: 0, force: false }))).to.equal('CLUSTER_READ_ONLY')
    expect(await codeOf(all('rebalance', { dryRun: false }))).to.equal('CLUSTER_READ_ONLY')
    expect([membership.done, deeds.asked]).to.deep.equal([[], []])
    await call('remove', { nodeId: 'node-3', force: true })
    await all('leave', { drainMilliseconds: 500, force: true })
    await all('rebalance', { dryRun: true })
    expect([membership.done, deeds.asked]).to.deep.equal([['remove node-3 true'], [['leave', 500, true], ['rebalance', true]]])
  })
})
