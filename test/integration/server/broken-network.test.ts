import path from 'node:path'
import { randomBytes } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { expect } from 'chai'
import { AgentState, Cluster, PlacementStrategy, Server, type ClusterStatusResponse } from '../../../kernel/contract/index.js'
import { packageRoot } from '../../../kernel/lifecycle/package-root.js'
import { CAXTON, runProcess } from '../../support/command/run-process.js'
import { compileAgent } from '../../support/compiled-agents.js'
import { NamespaceDoor } from '../../support/namespace-door.js'
import { NetworkNamespaces } from '../../support/network-namespaces.js'
import { echoModule } from '../../support/hostile-modules.js'
import { jsonContent, ServerClient } from '../../support/server-client.js'
import { ServerProcess } from '../../support/server-process.js'
import { TemporaryFolder } from '../../support/temporary-folder.js'
import { TestAuthority } from '../../support/test-authority.js'
import { until } from '../../support/until.js'

const CONFIG = path.join(packageRoot, 'config', 'cluster.toml')
const NODES = [1, 2, 3, 4, 5]
/** What takes some ten seconds by the clock, on a machine that does much else. */
const PATIENCE = 90_000

/** Five servers on five machines with certificates and encrypted gossip; two of the machines are cut off, and come back. */
describe('A cluster whose network breaks', function () {
  this.timeout(4 * PATIENCE)
  const network = new NetworkNamespaces(NODES.length)
  const folder = new TemporaryFolder()
  const gossipKey = randomBytes(32).toString('base64')
  const servers: ServerProcess[] = []
  const doors: NamespaceDoor[] = []
  const clients = new Map<number, ServerClient>()
  const addresses = new Map<number, string>()
  const told = { north: new Array<string>(), south: new Array<string>() }
  let authority: TestAuthority
  let ledger: Uint8Array

  async function start (node: number, ...words: string[]): Promise<void> {
    const [nodeId, host, dataFolder] = [`node-${node}`, network.addressOf(node), folder.file(`node-${node}`)]
    const { key, chain, trust } = await authority.credentials(nodeId)
    mkdirSync(dataFolder)
    const files = { key, chain, trust }
    for (const [name, text] of Object.entries(files)) writeFileSync(path.join(dataFolder, `${name}.pem`), text, { mode: 0o600 })
    const server = await ServerProcess.start({
      dataFolder, patience: PATIENCE, under: network.on(node), words: ['--config', CONFIG, '--node-id', nodeId, ...words],
      sets: [
        'agents.shards=1', ...Object.keys(files).map(name => `plugins.identity-files.${name}=${path.join(dataFolder, `${name}.pem`)}`),
        `plugins.cluster-swim.host=${host}`, `plugins.cluster-swim.keys=${gossipKey}`,
        `plugins.transport-tcp.host=${host}`, 'plugins.transport-tcp.tls=required',
        // Callers are on the same machine.
        'plugins.api-grpc.tls=off',
      ],
    })
    servers.push(server)
    const door = new NamespaceDoor()
    doors.push(door)
    addresses.set(node, await door.open(network.on(node), folder.file(`door-${node}`), server.address.split(':')[1] ?? ''))
    clients.set(node, new ServerClient(addresses.get(node) ?? ''))
  }

  const at = (node: number): ServerClient => clients.get(node) ?? expect.fail(`node-${node} has not started`)
  const status = (node: number): Promise<ClusterStatusResponse> => at(node).connector.unary(Cluster.method.status, {})
  const shown = async (node: number): Promise<string> =>
    (await runProcess(CAXTON, ['cluster', 'status', '--server', addresses.get(node) ?? ''], { environment: { NO_COLOR: '1' } })).stdout

  async function tell (node: number, to: keyof typeof told, text: string): Promise<void> {
    await at(node).tell(to, text, 'exactly-once')
    told[to].push(text)
  }

  /** What an agent has written down, asked through a node; nothing while it can't be asked. */
  async function entriesOf (node: number, name: string): Promise<string[]> {
    const answer = await at(node).ask(name, {}, 2_000).catch(() => undefined)
    return answer?.performative === 'inform' ? String(jsonContent(answer).entries).split(' ').sort() : []
  }

  /** Where an agent is and its claim, as a node sees it. */
  async function placeOf (node: number, name: string): Promise<string> {
    const { agents } = await at(node).connector.unary(Cluster.method.listAgents, {})
    return agents.filter(agent => agent.name === name).map(({ nodeId, state, claim }) => `${nodeId} ${state} ${claim}`).join(', ')
  }

  const copiesMissing = async (node: number): Promise<number> => {
    const { metrics } = await at(node).connector.unary(Server.method.metrics, { prefix: 'caxton_agent_copies_missing' })
    return metrics[0]?.samples[0]?.value ?? NaN
  }

  before(async function () {
    const lacking = await NetworkNamespaces.lacking()
    if (lacking !== undefined) {
      process.stdout.write(`      skipped: ${lacking}\n`)
      this.skip()
    }
    // Before there are connections: nothing answers while it compiles.
    ledger = compileAgent('test/fixtures/agents/assembly/ledger.ts')
    authority = await TestAuthority.make()
    await network.open()
    await start(1, '--bootstrap')
    await Promise.all(NODES.slice(1).map(node => start(node, '--join', `${network.addressOf(1)}:7946`)))
  })

  after(async () => {
    for (const client of clients.values()) client.close()
    await Promise.allSettled(doors.map(door => door.close()))
    await Promise.allSettled(servers.map(server => server.kill()))
    await network.close()
    folder.remove()
  })

  it('is whole at first, and its links are encrypted', async () => {
    for (const node of NODES) await until(async () => (await status(node)).healthy && (await status(node)).reachable === 5, PATIENCE)
    await until(async () => (await status(1)).links.filter(({ state, encrypted }) => state === 'open' && encrypted).length === 4, PATIENCE)
    const text = await shown(1)
    expect(text).to.match(/HEALTHY, READ-WRITE\nnodes +5\/5\n/)
    expect(text).to.match(/takes links +tcp, port 7947, encrypted\nlink +node-\d +open, tcp, encrypted\n/)
  })

  it('has agents on both sides of what will break, and copies of them on others', async () => {
    const on = (node: number): object => ({ placement: { strategy: PlacementStrategy.PREFER, nodes: [`node-${node}`] } })
    await at(2).deploy('north', ledger, { delivery: 'exactly-once', ...on(1) })
    await at(2).deploy('south', ledger, { delivery: 'exactly-once', ...on(4) })
    await at(2).deploy('echo', await echoModule(), on(5))
    for (const node of NODES) {
      for (const name of ['north', 'south'] as const) {
        await until(async () => await placeOf(node, name) !== '', PATIENCE)
        await tell(node, name, `whole-${node}`)
      }
    }
    for (const name of ['north', 'south'] as const) {
      await until(async () => (await entriesOf(3, name)).length === told[name].length, PATIENCE)
    }
    for (const node of [1, 4, 5]) await until(async () => await copiesMissing(node) === 0, PATIENCE)
  })

  it('goes on with three of five, while two stop what there must not be two of, queue changes, and say so', async () => {
    await network.part([4, 5])
    for (const node of [1, 2, 3]) await until(async () => (await status(node)).standing === 'majority', PATIENCE)
    for (const node of [4, 5]) await until(async () => (await status(node)).standing === 'minority', PATIENCE)
    expect(await shown(1)).to.match(/DEGRADED, READ-WRITE\nnodes +3\/5\n/)
    await until(async () => (await at(4).agent('south')).state === AgentState.STOPPED, PATIENCE)
    await at(4).deploy('later', await echoModule())
    expect(await shown(4)).to.match(/DEGRADED, READ-ONLY\nnodes +2\/5\n[^]*queued writes +1\n[^]*problem +2 of 5 nodes answer/)
    expect((await at(4).ask('echo', { content: Buffer.from('here') })).performative).to.equal('inform')
    for (const [node, name] of [[2, 'south'], [3, 'north'], [4, 'north'], [5, 'south']] as const) await tell(node, name, `apart-${node}`)
  })

  it('takes over in the majority what the two had', async () => {
    for (const name of ['south', 'echo']) await until(async () => /^node-[123] running [2-9]$/.test(await placeOf(1, name)), PATIENCE)
    const known = told.south.filter(text => text !== 'apart-5').sort()
    await until(async () => (await entriesOf(2, 'south')).length >= known.length, PATIENCE)
    expect(await entriesOf(2, 'south')).to.deep.equal(known)
  })

  it('is whole again when the network is, with nothing lost and nothing done twice', async () => {
    await network.heal()
    for (const node of NODES) {
      await until(async () => {
        const { healthy, writable, reachable, queuedWrites } = await status(node)
        return healthy && writable && reachable === 5 && queuedWrites === 0
      }, PATIENCE)
    }
    for (const name of ['north', 'south'] as const) {
      for (const node of [1, 5]) await until(async () => (await entriesOf(node, name)).length >= told[name].length, PATIENCE)
      expect(await entriesOf(4, name)).to.deep.equal(told[name].toSorted())
    }
    for (const name of ['south', 'echo']) await until(async () => /^node-[123] running [2-9]$/.test(await placeOf(5, name)), PATIENCE)
    await until(async () => (await placeOf(2, 'later')).includes('running 1'), PATIENCE)
    expect(await shown(5)).to.match(/HEALTHY, READ-WRITE\nnodes +5\/5\n[^]*queued writes +0\n/)
  })
})
