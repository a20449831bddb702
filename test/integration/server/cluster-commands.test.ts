import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { expect } from 'chai'
import { PlacementStrategy } from '../../../kernel/contract/index.js'
import { packageRoot } from '../../../kernel/lifecycle/package-root.js'
import { CAXTON, runProcess, type Ended } from '../../support/command/run-process.js'
import { echoModule } from '../../support/hostile-modules.js'
import { ServerProcess } from '../../support/server-process.js'
import { TemporaryFolder } from '../../support/temporary-folder.js'
import { until } from '../../support/until.js'

const CONFIG = path.join(packageRoot, 'config', 'cluster.toml')
/** Loopback addresses of this process's own, so that other tests may run beside it. */
const hostOf = (node: number): string => `127.${60 + (process.pid >> 7) % 60}.${process.pid % 128}.${node}`

/** Three servers as docs/cluster.md starts them, asked and changed with the commands that it shows. */
describe('A cluster of three servers', function () {
  this.timeout(180_000)
  const folder = new TemporaryFolder()
  const servers = new Map<number, ServerProcess>()
  let watch: ChildProcess | undefined
  let told = ''

  async function start (node: number, ...words: string[]): Promise<void> {
    const environment = { CAXTON_HOST: hostOf(node) }
    const line = ['--config', CONFIG, '--node-id', `node-${node}`, ...words]
    servers.set(node, await ServerProcess.start({ dataFolder: folder.path, words: line, environment }))
  }

  /** A command, asked of one of the nodes. */
  const caxton = (node: number, ...words: string[]): Promise<Ended> =>
    runProcess(CAXTON, [...words, '--server', servers.get(node)?.address ?? ''], { environment: { NO_COLOR: '1' } })

  const rows = ({ stdout }: Ended): string[] => stdout.trimEnd().split('\n').map(line => line.trim().replace(/ {2,}/g, '|'))

  async function asks (node: number, words: string, said: RegExp): Promise<Ended> {
    let answer: Ended | undefined
    await until(async () => {
      answer = await caxton(node, ...words.split(' '))
      return said.test(answer.stdout)
    }, 60_000)
    return answer ?? expect.fail('no answer')
  }

  before(async () => {
    await start(1, '--bootstrap')
    await start(2, '--join', `${hostOf(1)}:7946`)
    await start(3, '--join', `${hostOf(1)}:7946`)
  })

  after(async () => {
    watch?.kill('SIGKILL')
    for (const server of servers.values()) await server.kill()
    folder.remove()
  })

  it('is whole, for each of its nodes', async () => {
    for (const node of [1, 2, 3]) {
      const { code } = await asks(node, 'cluster status', /HEALTHY, READ-WRITE\nnodes +3\/3\n/)
      expect(code).to.equal(0)
      const members = rows(await caxton(node, 'cluster', 'members'))
      expect(members.slice(1).map(row => row.split('|').slice(0, 2))).to.deep.equal(
        [1, 2, 3].map(each => [`node-${each}${each === node ? ' *' : ''}`, 'alive']))
    }
    watch = spawn(CAXTON, ['cluster', 'watch', '--server', servers.get(1)?.address ?? ''], { stdio: ['ignore', 'pipe', 'inherit'] })
    watch.stdout?.setEncoding('utf8').on('data', (text: string) => { told += text })
    await once(watch.stdout ?? expect.fail('no stdout'), 'data')
    expect(told).to.contain('3 of 3 nodes answer: the cluster is whole')
  })

  it('lets a caller of one node write to an agent of another', async () => {
    for (const node of [1, 2]) {
      const placement = { strategy: PlacementStrategy.PREFER, nodes: [`node-${node}`] }
      await servers.get(3)?.client().deploy(`echo-${node}`, await echoModule(), { placement })
    }
    const listed = await asks(3, 'agents list --by-node', /echo-1[^]*echo-2/)
    expect(rows(listed).slice(1).map(row => row.split('|').slice(0, 3))).to.deep.equal(
      [['node-1', 'echo-1', 'running'], ['node-2', 'echo-2', 'running']])
    const answer = await servers.get(3)?.client().ask('echo-2', { content: Buffer.from('hello') })
    const content = Buffer.from(answer?.content ?? []).toString()
    expect([answer?.sender, answer?.performative, content]).to.deep.equal(['echo-2', 'inform', 'hello'])
  })

  it('answers probes, and says how fast it is', async () => {
    expect((await caxton(1, 'cluster', 'ping', 'node-2', '--count', '1')).stdout).to.match(/^node-2 answered in [\d.]+ (µs|ms)\n$/)
    const silent = await caxton(1, 'cluster', 'ping', 'node-9')
    expect(silent.stderr).to.contain('CLUSTER_NODE_UNKNOWN')
    const figures = rows(await caxton(3, 'cluster', 'performance'))
    expect(figures.find(row => row.startsWith('remote round trip P50'))).to.match(/\|5 ms\|[\d.]+ (µs|ms)\|[✓✗]\|40$/)
    expect(figures.find(row => row.startsWith('gossip convergence'))).to.match(/\|5 s\|[\d.]+ m?s\|✓\|2$/)
  })

  it('goes on without a node that is killed, and says so', async () => {
    await servers.get(2)?.kill()
    const { code, stdout } = await asks(1, 'cluster status', /standing +majority/)
    expect(stdout).to.match(/DEGRADED, READ-WRITE\nnodes +2\/3\n/)
    expect([code, stdout.includes('node-2 is dead')]).to.deep.equal([1, true])
    expect(told).to.match(/node-2 does not answer[^]*node-2 is dead[^]*2 of 3 nodes answer, which is the majority/)
  })

  it('lets another node go on with what the dead one had', async () => {
    const began = performance.now()
    const listed = await asks(1, 'agents list --by-node', /node-[13] +echo-2 +running +2/)
    expect(listed.stdout).not.to.contain('unreachable')
    const answer = await servers.get(1)?.client().ask('echo-2', { content: Buffer.from('again') })
    expect(Buffer.from(answer?.content ?? []).toString()).to.equal('again')
    expect(told).to.match(/agent echo-2 [^\n]*goes on on node-[13]/)
    const waited = Math.round(performance.now() - began)
    process.stdout.write(`      echo-2 answered elsewhere ${waited} ms after its node was known to be dead\n`)
  })

  it('is whole again when the dead node is removed', async () => {
    expect((await caxton(1, 'cluster', 'remove', 'node-1')).stderr).to.contain('CLUSTER_NODE_ALIVE')
    expect((await caxton(1, 'cluster', 'remove', 'node-2')).stdout).to.equal('node-2 is removed from the cluster\n')
    for (const node of [1, 3]) await asks(node, 'cluster status', /HEALTHY, READ-WRITE\nnodes +2\/2\n/)
  })

  it('of two nodes the one that is left can be read only, until it is told that the other is gone for good', async () => {
    await servers.get(3)?.kill()
    expect((await asks(1, 'cluster status', /DEGRADED, READ-ONLY\nnodes +1\/2\n/)).code).to.equal(1)
    expect((await caxton(1, 'cluster', 'remove', 'node-3')).stderr).to.contain('CLUSTER_READ_ONLY')
    expect((await caxton(1, 'cluster', 'remove', 'node-3', '--force')).code).to.equal(0)
    await asks(1, 'cluster status', /HEALTHY, READ-WRITE\nnodes +1\/1\n/)
  })
})
