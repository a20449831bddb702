import { expect } from 'chai'
import { MetricsRegistry } from '../../../../../kernel/observability/metrics.js'
import { figuresOf } from '../../../../../kernel/lifecycle/cluster/cluster-performance.js'
import { gossipFigures, showGossipFigures } from '../../../../../kernel/lifecycle/cluster/gossip-figures.js'
import { RoundTripEcho } from '../../../../../kernel/lifecycle/cluster/round-trip-echo.js'
import { memberOf, StandInMembership } from '../../../../support/cluster/stand-in-membership.js'
import { StandInPeers } from '../../../../support/cluster/stand-in-peers.js'
import { StandInRegistry } from '../../../../support/cluster/stand-in-registry.js'
import { settled, VirtualClock } from '../../../../support/virtual-clock.js'

describe('The performance of a cluster', () => {
  const { signal } = new AbortController()
  let clock: VirtualClock

  beforeEach(() => { clock = new VirtualClock() })

  /** The figures of node-1, which has two others, by their names. */
  async function figures ({ metrics = new MetricsRegistry(), peers }: { metrics?: MetricsRegistry, peers?: StandInPeers } = {}) {
    const others = [memberOf('node-2', { roundTrip: 0.4 }), memberOf('node-3', { roundTrip: 2 })]
    const gone = [memberOf('node-4', { state: 'dead', roundTrip: 900 }), memberOf('serf', { isCaxton: false, roundTrip: 900 })]
    const membership = new StandInMembership([memberOf('node-1'), ...others, ...gone])
    const registry = new StandInRegistry({})
    registry.heard.set('node-2', clock.now() - 1200)
    const echo = peers === undefined ? undefined : new RoundTripEcho(peers, clock)
    const told = await figuresOf(membership, { metrics, registry, clock, echo }, signal)
    return new Map(told.map(figure => [figure.metric, figure]))
  }

  it('sets what was measured beside its target', async () => {
    const metrics = new MetricsRegistry()
    const routing = metrics.histogram('caxton_message_routing_duration_seconds', '.', [0.00002, 0.00005, 0.002])
    routing.record(0.00001, { sample: 'raw' }, 95)
    routing.record(0.0015, { sample: 'raw' }, 5)
    routing.record(5, { sample: 'clean' }, 50)
    const told = await figures({ metrics })
    expect(told.get('local message P50')).to.include({ targetMilliseconds: 0.1, actualMilliseconds: 0.02, met: true, samples: 100n })
    expect(told.get('local message P99')).to.include({ targetMilliseconds: 1, actualMilliseconds: 2, met: false })
    expect(told.get('gossip convergence')).to.include({ targetMilliseconds: 5000, actualMilliseconds: 1200, met: true, samples: 1n })
    expect(told.get('gossip round trip P50')).to.include({ actualMilliseconds: 0.4, samples: 2n })
  })

  it('claims nothing of what was not measured', async () => {
    const told = await figures()
    for (const metric of ['agent start P50', 'remote round trip P50', 'remote round trip P99']) {
      expect(told.get(metric)).to.include({ met: false, samples: 0n })
      expect(told.get(metric)).not.to.have.property('actualMilliseconds')
    }
  })

  it('asks other nodes over the links of messages, without the time of opening them', async () => {
    let asked = 0
    const told = await figures({
      peers: new StandInPeers([], async (nodeId, bytes) => {
        if (nodeId !== 'node-2') throw new Error('away')
        clock.advance(asked++ === 0 ? 900 : 3)
        return bytes
      }),
    })
    expect(told.get('remote round trip P50')).to.include({ actualMilliseconds: 3, met: true, samples: 20n })
    expect(told.get('remote round trip P99')).to.include({ actualMilliseconds: 3, met: true })
  })

  it('waits for nodes that do not answer no longer than 5 s', async () => {
    const measured = figures({
      peers: new StandInPeers([], (_nodeId, _bytes, until) => new Promise((_resolve, reject) => {
        until.addEventListener('abort', () => reject(until.reason as Error))
      })),
    })
    await settled()
    clock.advance(5_000)
    expect((await measured).get('remote round trip P50')).to.include({ samples: 0n })
    expect(clock.pending).to.equal(0)
  })

  it('is measured by other nodes with questions that this one gives back', async () => {
    const peers = new StandInPeers([], async (_nodeId, bytes) => bytes)
    expect(new RoundTripEcho(peers, clock)).to.be.an('object')
    expect(await peers.handlers.asked?.('node-2', Uint8Array.of(1, 2), signal)).to.deep.equal(Uint8Array.of(1, 2))
  })

  it('shows the same of gossip as metrics: of living nodes of Caxton only, and 0 where there is none', () => {
    const metrics = new MetricsRegistry()
    const registry = new StandInRegistry({})
    let membership = new StandInMembership([memberOf('node-1'), memberOf('node-2', { roundTrip: 0.4 }),
      memberOf('node-3', { state: 'dead', roundTrip: 900 }), memberOf('serf', { isCaxton: false, roundTrip: 900 })])
    registry.heard.set('node-2', clock.now() - 1200).set('node-3', clock.now() - 60_000)
    showGossipFigures(metrics, () => gossipFigures(membership, { registry, clock }))
    const shown = (name: string): unknown => metrics.snapshot(name)[0]?.samples[0]?.value
    const both = (): unknown[] => [shown('caxton_cluster_gossip_latency_seconds'), shown('caxton_cluster_convergence_seconds')]
    expect(both()).to.deep.equal([0.0004, 1.2])
    membership = new StandInMembership([memberOf('node-1')])
    expect(both()).to.deep.equal([0, 0])
  })
})
