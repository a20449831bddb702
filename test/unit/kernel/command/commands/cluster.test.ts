import { expect } from 'chai'
import { ClusterNodeSilent } from '../../../../../kernel/contract/index.js'
import { millisecondsText } from '../../../../../kernel/command/commands/moment-text.js'
import { runCommand, type Outcome, type Setting } from '../../../../support/command/run-command.js'
import { VirtualClock } from '../../../../support/virtual-clock.js'

const clock = new VirtualClock()
const NOW = BigInt(clock.now())
const STATUS = {
  nodeId: 'node-1', zone: 'a', healthy: true, writable: true, standing: 'normal', since: NOW - 61_000n, admitted: 3, reachable: 3,
  agents: 12, agentsHere: 4, roads: [{ transport: 'tcp', driver: 'tcp', port: 7947, encrypted: false }],
  links: [{ nodeId: 'node-2', transport: 'quic', driver: 'libp2p', state: 'open', since: NOW, waitingBytes: 2048n, encrypted: true }],
}
const MEMBERS = [
  {
    nodeId: 'node-1', state: 'alive', host: '127.0.0.1', gossipPort: 7946, zone: 'a', version: '0.1.0', caxton: true, self: true,
    agents: 4, lastSeen: NOW,
  },
  {
    nodeId: 'node-2', state: 'dead', host: '2001:db8::1', gossipPort: 7946, zone: 'b', caxton: true, agents: 8, lastSeen: NOW - 65_000n,
    roundTripMilliseconds: 0.41234,
  },
  { nodeId: 'serf-1', state: 'alive', host: '127.0.0.9', gossipPort: 7947, lastSeen: 0n },
]
const FIGURES = [
  { metric: 'local message P50', targetMilliseconds: 0.1, actualMilliseconds: 0.02, met: true, samples: 100n },
  { metric: 'remote round trip P99', targetMilliseconds: 50, actualMilliseconds: 61.234, met: false, samples: 40n },
  { metric: 'agent start P50', targetMilliseconds: 10, met: false },
  { metric: 'gossip round trip P50', actualMilliseconds: 0.5, samples: 2n },
]

describe('cluster commands', () => {
  const cluster = (words: string, answers: Setting['answers'] = {}): Promise<Outcome> =>
    runCommand(['cluster', ...words.split(' ')], { answers, clock })
  const rows = (text: string): string[] => text.trimEnd().split('\n').map(line => line.trim().replace(/ {2,}/g, '|'))

  it('status says in capitals how the cluster does', async () => {
    const { code, stdout } = await cluster('status', { 'Cluster/Status': () => STATUS })
    expect(code).to.equal(0)
    expect(rows(stdout)).to.include.members([
      'cluster|HEALTHY, READ-WRITE', 'nodes|3/3', 'queued writes|0', 'agents|12, of which 4 here',
      'takes links|tcp, port 7947, not encrypted', 'link|node-2|open, quic (libp2p), encrypted, 2.0 KiB wait',
    ])
  })

  it('status exits with 1 when the cluster is degraded, and names each problem', async () => {
    const problems = ['node-2 is dead', 'node-3 is dead']
    const degraded = { ...STATUS, healthy: false, writable: false, standing: 'minority', reachable: 1, queuedWrites: 7, problems }
    const { code, stdout } = await cluster('status', { 'Cluster/Status': () => degraded })
    expect(code).to.equal(1)
    expect(rows(stdout)).to.include.members(
      ['cluster|DEGRADED, READ-ONLY', 'nodes|1/3', 'queued writes|7', 'problem|node-2 is dead', 'problem|node-3 is dead'])
  })

  it('members are a table of at most 80 columns', async () => {
    const { stdout } = await runCommand(['cluster', 'members'],
      { answers: { 'Cluster/Members': () => ({ members: MEMBERS }) }, clock, terminal: { columns: 80 }, environment: { NO_COLOR: '1' } })
    expect(rows(stdout)).to.deep.equal([
      'NODE|STATUS|ADDRESS|ZONE|VERSION|AGENTS|RTT|LAST SEEN',
      'node-1 *|alive|127.0.0.1|a|0.1.0|4|-|now',
      'node-2|dead|2001:db8::1|b|-|8|412 µs|1m 5s ago',
      'serf-1|alive|127.0.0.9:7947|(foreign)|-|-|-|-',
    ])
    expect(stdout.split('\n').filter(line => [...line].length > 80)).to.deep.equal([])
  })

  it('watch shows a sentence a line, and says what it left out', async () => {
    const { stdout, stderr } = await cluster('watch', {
      'Cluster/Watch': async function * () {
        yield { at: NOW, kind: 'now', nodeId: 'node-1', sentence: '3 of 3 nodes answer: the cluster is whole' }
        yield { at: NOW, kind: 'died', nodeId: 'node-2', sentence: 'node-2 is dead', skipped: 4n }
      },
    })
    const sentences = stdout.split('\n').map(line => line.slice('00:00:00.000 '.length))
    expect(sentences).to.deep.equal(['3 of 3 nodes answer: the cluster is whole', 'node-2 is dead', ''])
    expect(stderr).to.contain('4 events were not shown')
  })

  it('performance marks what is met and what is missed, and exits with 1 if anything is', async () => {
    const { code, stdout } = await cluster('performance', { 'Cluster/Performance': () => ({ figures: FIGURES }) })
    expect(rows(stdout)).to.deep.equal([
      'METRIC|TARGET|ACTUAL|STATUS|SAMPLES',
      'local message P50|100 µs|20 µs|✓|100', 'remote round trip P99|50 ms|61.2 ms|✗|40', 'agent start P50|10 ms|-|-|0',
      'gossip round trip P50|-|500 µs|-|2',
    ])
    expect(code).to.equal(1)
    const met = { figures: FIGURES.slice(0, 1) }
    expect((await cluster('performance', { 'Cluster/Performance': () => met })).code).to.equal(0)
  })

  it('ping probes as often as it is told, and fails with the node', async () => {
    const { stdout } = await cluster('ping node-2 --count 2', { 'Cluster/Ping': () => ({ roundTripMilliseconds: 0.25 }) })
    expect(stdout).to.equal('node-2 answered in 250 µs\nnode-2 answered in 250 µs\n')
    const silent = (): never => { throw ClusterNodeSilent({ nodeId: 'node-2', milliseconds: 500 }) }
    const failed = await cluster('ping node-2', { 'Cluster/Ping': silent })
    expect([failed.code === 0, failed.stdout]).to.deep.equal([false, ''])
    expect(failed.stderr).to.contain('CLUSTER_NODE_SILENT')
  })

  it('leave shows each step, and what to type afterwards', async () => {
    const { connector, stdout, stderr } = await cluster('leave --drain 5m --force', {
      'Cluster/Leave': async function * () {
        yield { progress: { sentence: '"echo" moved to node-2', done: 1, total: 12 } }
        yield { progress: { sentence: 'the others know', done: 0, total: 0 } }
      },
    })
    expect(stdout).to.equal(' 1/12 "echo" moved to node-2\nthe others know\n')
    expect(stderr).to.contain('caxton server stop')
    expect(connector.asked[0]?.request).to.include({ drainMilliseconds: 300_000, force: true })
  })

  it('remove, rejoin and rebalance ask for what their words say', async () => {
    const removed = await cluster('remove node-3 --force', { 'Cluster/Remove': () => ({}) })
    expect([removed.stdout, removed.connector.asked[0]?.request]).to.deep.include('node-3 is removed from the cluster\n')
    expect(removed.connector.asked[0]?.request).to.include({ nodeId: 'node-3', force: true })
    const joined = await cluster('rejoin a:7946 b', { 'Cluster/Rejoin': () => ({ joined: 1 }) })
    expect(joined.stdout).to.equal('joined through 1 node\n')
    expect(joined.connector.asked[0]?.request).to.deep.include({ seeds: ['a:7946', 'b'] })
    const moved = await cluster('rebalance --dry-run', {
      'Cluster/Rebalance': async function * () { yield { progress: { sentence: '"a" would move', done: 1, total: 1 } } },
    })
    expect(moved.stdout).to.equal('1/1 "a" would move\n')
    expect(moved.connector.asked[0]?.request).to.include({ dryRun: true })
  })

  it('give programs what the server answered', async () => {
    const answers = {
      'Cluster/Status': () => STATUS, 'Cluster/Members': () => ({ members: MEMBERS }), 'Cluster/Performance': () => ({ figures: FIGURES }),
    }
    const json = async (word: string): Promise<unknown> => JSON.parse((await cluster(`${word} --output json`, answers)).stdout)
    expect(await json('status')).to.deep.include({ nodeId: 'node-1', healthy: true, queuedWrites: 0, problems: [] })
    expect(await json('members')).to.have.nested.property('members[1].roundTripMilliseconds', 0.41234)
    expect(await json('performance')).to.have.nested.property('figures[1].met', false)
  })

  describe('agents list --by-node', () => {
    const AGENTS = {
      agents: [{ name: 'echo', nodeId: 'node-1', state: 'running', claim: 2n, delivery: 'at-least-once', module: 'ab' }],
      nodes: [{ nodeId: 'node-1', state: 'alive', agents: 1 }, { nodeId: 'node-2', state: 'dead', agents: 3 }],
      next: 'node-1/echo', stale: true,
    }

    it('shows which node hosts which agent', async () => {
      const answers = { 'Cluster/ListAgents': () => AGENTS }
      const { stdout, stderr, connector } = await runCommand(
        ['agents', 'list', '--by-node', '--node', 'node-1', '--prefix', 'e', '--limit', '5', '--after', 'x'], { answers })
      expect(rows(stdout)).to.deep.equal(['NODE|NAME|STATE|CLAIM|DELIVERY', 'node-1|echo|running|2|at-least-once'])
      expect(stderr.split('\n')).to.deep.equal([
        'node-1 has 1 agent, node-2 (dead) has 3 agents',
        'this node can\'t reach all nodes: what it knows of the others may be old', 'there are more: go on with --after node-1/echo', '',
      ])
      expect(connector.asked[0]?.request).to.include({ nodeId: 'node-1', prefix: 'e', limit: 5, after: 'x' })
    })
  })

  it('times are written with three digits at most', () => {
    expect([0, 0.00051, 0.0854321, 1, 12.345, 340.4, 2_104, 75_000, Infinity].map(millisecondsText)).to.deep.equal(
      ['0 ms', '0.51 µs', '85.4 µs', '1 ms', '12.3 ms', '340 ms', '2.1 s', '75 s', 'off the scale'])
  })
})
