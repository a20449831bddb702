import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { connect } from 'node:tls'
import { expect } from 'chai'
import { Cluster, isCaxtonError, PlacementStrategy, Secret } from '../../../kernel/contract/index.js'
import { packageRoot } from '../../../kernel/lifecycle/package-root.js'
import { CAXTON, runProcess } from '../../support/command/run-process.js'
import { echoModule } from '../../support/hostile-modules.js'
import { ServerClient } from '../../support/server-client.js'
import { ServerProcess } from '../../support/server-process.js'
import { TemporaryFolder } from '../../support/temporary-folder.js'
import { until } from '../../support/until.js'

const CONFIG = path.join(packageRoot, 'config', 'cluster.toml')
const NODES = [1, 2, 3]
const PATIENCE = 60_000
/** Calls after which a caller opens a connection anew, as programs do that live shortly. */
const CALLS_PER_CONNECTION = 10
/** Answers that each node must have brought before and after a change, so that none falls between two calls. */
const SOME = 20
const codeOfError = (error: unknown): string => isCaxtonError(error) ? error.code : String(error)
const hostOf = (node: number): string => `127.${60 + (process.pid >> 7) % 60}.${process.pid % 128}.${10 + node}`

/** Three servers with certificates, API keys and encrypted gossip, and callers that never stop, while all of it is renewed. */
describe('A cluster whose certificates and gossip keys are renewed', function () {
  this.timeout(4 * PATIENCE)
  const folder = new TemporaryFolder()
  const servers = new Map<number, ServerProcess>()
  const oldKey = randomBytes(32).toString('base64')
  const over = new AbortController()
  const failures: string[] = []
  const answered = new Map(NODES.map(node => [node, 0]))
  const ends: string[] = []
  let trust = ''
  let apiKey = ''
  let callers: Array<Promise<void>> = []

  const address = (node: number): string => servers.get(node)?.address ?? expect.fail(`node-${node} has not started`)
  const client = (node: number): ServerClient => new ServerClient(address(node), { trust, bearer: new Secret(apiKey) })
  const file = (name: string): string => folder.file('tls', name)
  const keyFile = folder.file('node-1', hostOf(1), 'first-api-key')

  async function caxton (...words: string[]): Promise<string> {
    const { code, stdout, stderr } = await runProcess(CAXTON, words, { folder: folder.path, environment: { NO_COLOR: '1' } })
    if (code !== 0) expect.fail(`caxton ${words.join(' ')} ended with ${code}: ${stderr}`)
    return stdout
  }
  const ask = (node: number, ...words: string[]): Promise<string> =>
    caxton(...words, '--server', address(node), '--ca', file('ca.pem'), '--token-file', keyFile)

  async function start (node: number, ...words: string[]): Promise<void> {
    const nodeId = `node-${node}`
    await caxton('security', 'gen-cert', '--node-id', nodeId, '--host', hostOf(node))
    const identity = { chain: `${nodeId}.pem`, key: `${nodeId}.key`, trust: 'ca.pem' }
    servers.set(node, await ServerProcess.start({
      dataFolder: folder.file(nodeId), patience: PATIENCE, environment: { CAXTON_HOST: hostOf(node) },
      words: ['--config', CONFIG, '--node-id', nodeId, ...words],
      sets: [
        ...Object.entries(identity).map(([key, name]) => `plugins.identity-files.${key}=${file(name)}`),
        'agents.shards=1', 'plugins.identity-files.check_interval=1s', `plugins.cluster-swim.keys=${oldKey}`,
        'plugins.transport-tcp.tls=required', 'plugins.auth-api-key.first_key=once',
      ],
    }))
  }

  /** Asks the next node's agent through this one, again and again, over connections old and new. */
  async function callOn (node: number): Promise<void> {
    while (!over.signal.aborted) {
      const caller = client(node)
      for (let call = 0; call < CALLS_PER_CONNECTION; call++) {
        try {
          const { performative, content } = await caller.ask(`echo-${node % NODES.length + 1}`, { content: Buffer.from('x') })
          if (performative !== 'inform') failures.push(`${performative}: ${Buffer.from(content).toString()}`)
        } catch (error) {
          failures.push(String(error))
        }
        answered.set(node, (answered.get(node) ?? 0) + 1)
      }
      caller.connector.close()
    }
  }

  /** One call that is open from before to after: it must not end. */
  async function watchOn (node: number): Promise<void> {
    const stream = client(node).connector.serverStream(Cluster.method.watch, {}, over.signal)
    try {
      let isOver = false
      const events = stream[Symbol.asyncIterator]()
      while (!isOver) isOver = (await events.next()).done === true
      if (!over.signal.aborted) ends.push(`node-${node} ended it`)
    } catch (error) {
      if (!over.signal.aborted) ends.push(`node-${node}: ${String(error)}`)
    }
  }

  async function callsPass (): Promise<void> {
    const before = new Map(answered)
    await until(() => NODES.every(node => (answered.get(node) ?? 0) >= (before.get(node) ?? 0) + SOME), PATIENCE)
  }

  /** Serial numbers of the certificates that new connections are shown: by the node's API, and where other nodes come in. */
  const servedBy = (node: number): Promise<string[]> =>
    Promise.all([address(node), `${hostOf(node)}:7947`].map(each => new Promise<string>((resolve, reject) => {
      const [host = '', port = ''] = each.split(':')
      const socket = connect({ host, port: Number(port), ca: trust }, () => {
        resolve(socket.getPeerCertificate().serialNumber)
        socket.destroy()
      })
      socket.on('error', reject)
    })))

  before(async () => {
    await caxton('security', 'init-ca')
    trust = readFileSync(file('ca.pem'), 'utf8')
    await start(1, '--bootstrap')
    apiKey = readFileSync(keyFile, 'utf8').trim()
    for (const node of [2, 3]) await start(node, '--join', `${hostOf(1)}:7946`)
    // What node-1 made lets its owner in everywhere.
    const clients = NODES.map(client)
    for (const each of clients) await until(async () => each.status().then(() => true, () => false), PATIENCE)
    for (const each of clients) each.connector.close()
    for (const node of NODES) {
      const placement = { strategy: PlacementStrategy.NODE, nodes: [`node-${node}`] }
      await client(1).deploy(`echo-${node}`, await echoModule(), { placement })
    }
    await until(async () => {
      const listings = await Promise.all(NODES.map(node => client(node).connector.unary(Cluster.method.listAgents, {})))
      return listings.every(({ agents }) => agents.length === NODES.length)
    }, PATIENCE)
    callers = NODES.flatMap(node => [callOn(node), watchOn(node)])
    await callsPass()
  })

  after(async () => {
    over.abort()
    await Promise.allSettled(callers)
    for (const server of servers.values()) await server.kill()
    folder.remove()
  })

  it('shows new certificates to whoever connects, and no call fails', async () => {
    const before = await Promise.all(NODES.map(servedBy))
    for (const node of NODES) await caxton('security', 'renew', file(`node-${node}.pem`))
    for (const [at, node] of NODES.entries()) {
      await until(async () => (await servedBy(node)).every(serial => before[at]?.includes(serial) === false), PATIENCE)
    }
    await callsPass()
    expect([failures, ends]).to.deep.equal([[], []])
  })

  it('encrypts its gossip with a new key, forgets the old one, and no call fails', async () => {
    const keys = async (...words: string[]): Promise<string> =>
      /[0-9a-f]{16}/.exec(await ask(1, 'cluster', 'keys', ...words, '-o', 'json'))?.[0] ?? ''
    const old = await keys('list')
    const fresh = await keys('install', randomBytes(32).toString('base64'))
    await callsPass()
    await ask(1, 'cluster', 'keys', 'use', fresh)
    await callsPass()
    await ask(1, 'cluster', 'keys', 'remove', old)
    for (const node of NODES) {
      expect(await ask(node, 'cluster', 'keys', 'list')).to.match(new RegExp(`${fresh} +3/3 +3/3`)).and.not.contain(old)
    }
    await callsPass()
    expect([failures, ends]).to.deep.equal([[], []])
  })

  it('lets nobody in with a key that was revoked on another node', async () => {
    const made = await ask(2, 'auth', 'create-key', 'guest', '--role', 'viewer', '-o', 'json')
    const { key } = JSON.parse(made) as { readonly key: string }
    const guests = NODES.map(node => new ServerClient(address(node), { trust, bearer: new Secret(key) }))
    for (const guest of guests) await until(async () => guest.status().then(() => true, () => false), PATIENCE)
    await ask(1, 'auth', 'revoke-key', 'guest')
    for (const guest of guests) {
      await until(async () => await guest.status().then(() => '', codeOfError) === 'UNAUTHORIZED', PATIENCE)
      guest.connector.close()
    }
  })

  it('is whole in the end, and no node has turned another away', async () => {
    for (const node of NODES) {
      expect(await ask(node, 'cluster', 'status')).to.match(/HEALTHY, READ-WRITE\nnodes +3\/3\n/)
      const refused = servers.get(node)?.log.filter(({ because }) => /says that it is "node-/.test(String(because)))
      expect(refused).to.deep.equal([])
    }
  })
})
