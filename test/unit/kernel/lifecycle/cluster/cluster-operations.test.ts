import { expect } from 'chai'
import type { Member, OperationContext, PeerLink } from '../../../../../kernel/contract/index.js'
import { MetricsRegistry } from '../../../../../kernel/observability/metrics.js'
import { clusterOperations } from '../../../../../kernel/lifecycle/cluster/cluster-operations.js'
import type { ClusterOperationsMain } from '../../../../../kernel/lifecycle/cluster/cluster-operations-main.js'
import { StandInDeeds } from '../../../../support/cluster/stand-in-deeds.js'
import { memberOf, StandInMembership } from '../../../../support/cluster/stand-in-membership.js'
import { StandInPeers } from '../../../../support/cluster/stand-in-peers.js'
import { listingOf, StandInRegistry } from '../../../../support/cluster/stand-in-registry.js'
import { settled, VirtualClock } from '../../../../support/virtual-clock.js'

type Handler = (request: object, context: OperationContext) => unknown

const contextOf = (signal: AbortSignal): OperationContext => ({
  principal: { name: 'anonymous', method: 'none', roles: [] },
  origin: { face: 'test', address: '127.0.0.1', headers: new Map() },
  trace: { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), sampled: false },
  signal,
})

describe('The operations on the cluster', () => {
  const { signal } = new AbortController()
  let membership: StandInMembership
  let deeds: StandInDeeds
  let clock: VirtualClock
  let links: PeerLink[]

  const THREE: readonly [Member, ...Member[]] = [
    memberOf('node-1'), memberOf('node-2', { roundTrip: 0.4, zone: 'b' }), memberOf('node-3', { roundTrip: 2 }),
  ]

  const TAKEN = { transport: 'tcp', driver: 'tcp', port: 7947, isEncrypted: false }

  beforeEach(() => {
    membership = new StandInMembership(THREE)
    deeds = new StandInDeeds()
    clock = new VirtualClock()
    links = []
  })

  function mainOf (more: Partial<ClusterOperationsMain> = {}): ClusterOperationsMain {
    const registry = new StandInRegistry({ 'node-2': [listingOf('b'), listingOf('a')], 'node-1': [listingOf('c', 3)] })
    registry.heard.set('node-2', clock.now() - 1200)
    const peers = new StandInPeers(links, async (_nodeId, bytes) => bytes, [TAKEN])
    return { clock, metrics: new MetricsRegistry(), membership, registry, peers, deeds, echo: undefined, ...more }
  }

  const handler = (name: string, main: object): Handler => clusterOperations.handlersOf(main)[name] as Handler

  async function call (name: string, request: object = {}, more: Partial<ClusterOperationsMain> = {}): Promise<unknown> {
    return handler(name, mainOf(more))(request, contextOf(signal))
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
    it('is healthy when every node answers, and says of each link what carries it and whether it is encrypted', async () => {
      links = [{ nodeId: 'node-2', transport: 'quic', driver: 'libp2p', isEncrypted: true, since: 5, waiting: 7, state: 'open' }]
      expect(await call('status')).to.deep.include({
        nodeId: 'node-1', healthy: true, writable: true, standing: 'normal', admitted: 3, reachable: 3, problems: [],
        agents: 3, agentsHere: 1,
        links: [{ nodeId: 'node-2', transport: 'quic', driver: 'libp2p', state: 'open', since: 5n, waitingBytes: 7n, encrypted: true }],
        roads: [{ transport: 'tcp', driver: 'tcp', port: 7947, encrypted: false }],
      })
    })

    it('is degraded and read-only in a minority, and says what waits', async () => {
      membership = new StandInMembership([THREE[0], memberOf('node-2', { state: 'dead' }), memberOf('node-3', { state: 'suspect' })])
      membership.stand({ standing: 'minority', reachable: 1, isWritable: false })
      deeds.queued = 4
      links = [{ nodeId: 'node-2', transport: 'tcp', driver: 'tcp', isEncrypted: false, since: 5, waiting: 0, state: 'broken' }]
      expect(await call('status')).to.deep.include({
        healthy: false, writable: false, queuedWrites: 4, agents: 1,
        problems: [
          '1 of 3 nodes answer: changes nothing until more do; 4 changes wait', 'node-2 is dead',
          'node-3 does not answer, and is suspected to be dead', 'no link to node-2 can be opened over tcp',
        ],
      })
    })

    it('is not healthy on a node that left, or was removed: it hears nothing of the others any more', async () => {
      membership = new StandInMembership([memberOf('node-1', { state: 'left' }), memberOf('node-2', { state: 'dead' })])
      expect(await call('status')).to.deep.include({
        healthy: false,
        problems: ['this node belongs to the cluster no more, and runs on by itself: to have it join again, start its server anew'],
      })
    })

    it('names the links in the order of their nodes', async () => {
      links = ['node-3', 'node-2'].map(nodeId =>
        ({ nodeId, transport: 'tcp', driver: 'tcp', isEncrypted: true, since: 5, waiting: 0, state: 'open' }))
      const { links: told } = await call('status') as { readonly links: ReadonlyArray<{ readonly nodeId: string }> }
      expect(told.map(({ nodeId }) => nodeId)).to.deep.equal(['node-2', 'node-3'])
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

  it('watch tells of agents that another node takes over from a dead one', async () => {
    const ended = new AbortController()
    membership = new StandInMembership([THREE[0], memberOf('node-2', { state: 'dead' }), memberOf('node-3')])
    const registry = new StandInRegistry({ 'node-2': [listingOf('a'), listingOf('b')], 'node-3': [listingOf('a', 2), listingOf('c', 2)] })
    const stream = handler('watch', mainOf({ registry }))({}, contextOf(ended.signal)) as AsyncIterable<{ sentence: string }>
    const told: string[] = []
    const reading = (async () => { for await (const { sentence } of stream) told.push(sentence) })()
    await settled()
    registry.change(['a', 'b', 'c'].map(name => ({ nodeId: 'node-3', name, listing: undefined })))
    await settled()
    ended.abort()
    await reading
    expect(told.slice(1)).to.deep.equal(['agent a of node-2 goes on on node-3'])
  })

  it('members are told without the agents that others took over from a dead one', async () => {
    membership = new StandInMembership([THREE[0], memberOf('node-2', { state: 'dead' }), memberOf('node-3')])
    const registry = new StandInRegistry({ 'node-2': [listingOf('a'), listingOf('b')], 'node-3': [listingOf('a', 2)] })
    const { members } = await call('members', {}, { registry }) as { readonly members: ReadonlyArray<{ readonly agents: number }> }
    expect(members.map(({ agents }) => agents)).to.deep.equal([0, 1, 1])
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
      const stream = handler('watch', mainOf())({}, contextOf(ended.signal)) as AsyncIterable<{ sentence: string, kind: string }>
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

  it('hand leave and rebalance to those who can', async () => {
    const steps = await all('leave', { drainMilliseconds: 0, force: false })
    expect(steps).to.deep.equal([{ progress: { sentence: 'gone', done: 1, total: 1 } }])
    expect(await all('rebalance', { dryRun: true })).to.have.length(1)
    expect(deeds.asked).to.deep.equal([['leave', 60_000, false], ['rebalance', true]])
  })

  it('probe, remove and rejoin', async () => {
    expect(await call('ping', { nodeId: 'node-2' })).to.deep.equal({ roundTripMilliseconds: 0.25 })
    await call('remove', { nodeId: 'node-3', force: false })
    expect(await call('rejoin', { seeds: ['a:7946'] })).to.deep.equal({ joined: 2 })
    expect(membership.done).to.deep.equal(['ping node-2', 'remove node-3 false', 'join a:7946'])
  })

  it('do not rejoin with a node that left', async () => {
    membership = new StandInMembership([memberOf('node-1', { state: 'left' })])
    expect(await codeOf(call('rejoin', { seeds: [] }))).to.equal('CLUSTER_LEFT')
    expect(membership.done).to.deep.equal([])
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
    expect(membership.done).to.deep.equal(['remove node-3 true'])
    expect(deeds.asked).to.deep.equal([['leave', 500, true], ['rebalance', true]])
  })
})
