import { expect } from 'chai'
import { MixedRing } from '../../../support/cluster-swim/mixed-ring.js'
import { canFilterPackets, PacketFilter } from '../../../support/cluster-swim/packet-filter.js'
import { hasSerf } from '../../../support/cluster-swim/serf-agent.js'
import { until } from '../../../support/until.js'

const forever = new AbortController().signal
/** Serf probes once in a second, and would bury a silent node in six; we in four. */
const PROBES = 10

describe('cluster-swim in a ring with agents of Serf, where UDP does not get through', function () {
  this.timeout(60_000)
  const ring = new MixedRing('127.0.34')

  before(function () {
    if (!hasSerf() || !canFilterPackets()) this.skip()
  })

  afterEach(() => ring.end())

  it('asks and answers over TCP, so that nobody is taken for dead', async () => {
    const agent = await ring.agent('serf-1')
    const node = await ring.node('caxton-1')
    const filter = new PacketFilter('udp', 'ip daddr 127.0.34.0/24 meta l4proto udp')
    try {
      await node.swim.join([agent.address], forever)
      await ring.serfSees(agent, 'caxton-1 alive, serf-1 alive')
      const answered = (): number => agent.output.split('Was able to connect to caxton-1 but other probes failed').length - 1
      await until(() => answered() >= PROBES, 30_000)
      expect(node.swim.member('serf-1')?.state).to.equal('alive')
      expect(await agent.statuses()).to.equal('caxton-1 alive, serf-1 alive')
      expect(agent.output).not.to.contain('EventMemberFailed')
    } finally {
      filter.lift()
    }
  })

  it('heals by itself after it was cut off', async () => {
    const agent = await ring.agent('serf-1')
    const node = await ring.node('caxton-1')
    await node.swim.join([agent.address], forever)
    await ring.serfSees(agent, 'caxton-1 alive, serf-1 alive')
    const filter = new PacketFilter('all', `ip daddr ${node.swim.self().host}`)
    try {
      await ring.serfSees(agent, 'caxton-1 failed, serf-1 alive')
      await ring.weSee(node, 'caxton-1 alive, serf-1 dead')
    } finally {
      filter.lift()
    }
    await ring.serfSees(agent, 'caxton-1 alive, serf-1 alive')
    await ring.weSee(node, 'caxton-1 alive, serf-1 alive')
  })
})
