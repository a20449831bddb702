import { execFileSync, spawnSync } from 'node:child_process'
import { copyFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { packageRoot } from '../../../kernel/lifecycle/package-root.js'
import { CAXTON, runProcess, type Ended } from '../../support/command/run-process.js'
import { ServerProcess } from '../../support/server-process.js'
import { TemporaryFolder } from '../../support/temporary-folder.js'

/** The same server as a node of a cluster: every kind of port that there is. */
const CLUSTER = [
  'plugins.cluster-swim.host=127.0.0.1', 'plugins.cluster-swim.port=0',
  'plugins.transport-tcp.host=127.0.0.1', 'plugins.transport-tcp.port=0',
  'plugins.registry-gossip.enabled=true', 'plugins.placement-rendezvous.enabled=true', 'plugins.telemetry-prometheus.port=0',
]
/** Old versions of TLS as the scanner names them, with whether they are spoken. */
const PROTOCOL = /<protocol type="(\w+)" version="([\d.]+)" enabled="1"/g

const COMMANDS = /^ {4}caxton (security .*)$/gm

/** The server as it is shipped for production, after the commands that docs/security.md gives. */
describe('A server in production', function () {
  this.timeout(60_000)
  const folder = new TemporaryFolder()
  const file = folder.file('caxton.toml')
  const data = folder.file('data')
  let server: ServerProcess
  let words: readonly string[] = []

  const caxton = (...line: string[]): Promise<Ended> => runProcess(CAXTON, line, { environment: { NO_COLOR: '1' } })
  const ask = (...line: string[]): Promise<Ended> => caxton(...words, ...line)

  before(async () => {
    copyFileSync(join(packageRoot, 'config', 'prod.toml'), file)
    copyFileSync(join(packageRoot, 'config', 'policy.toml'), folder.file('policy.toml'))
    expect((await caxton('server', 'check', '--config', file)).stdout).to.include('where there is none')
    const document = readFileSync(join(packageRoot, 'docs', 'security.md'), 'utf8')
    const [, start = ''] = /## From nothing to a server in production\n([^]*?)\n## /.exec(document) ?? []
    const made = [...start.matchAll(COMMANDS)].map(([, line = '']) => line.replaceAll('/etc/caxton', folder.path).split(' '))
    expect(made).to.have.length(2)
    for (const line of made) expect(await caxton(...line)).to.include({ code: 0 })
    expect((await caxton('server', 'check', '--config', file)).stdout).to.include('and valid until')
    const sets = [`node.data_dir=${data}`, 'plugins.api-grpc.host=127.0.0.1', ...CLUSTER]
    server = await ServerProcess.start({ words: ['--config', file, '--bootstrap'], sets })
    words = ['--server', server.address.replace(/^.*:/, 'localhost:'), '--ca', folder.file('tls/ca.pem')]
  })

  after(async () => {
    await server.stop()
    folder.remove()
  })

  it('lets nobody in without a credential, over TLS only', async () => {
    const refused = await ask('agents', 'list')
    expect(refused.code).to.equal(4)
    expect(refused.stderr).to.include('UNAUTHORIZED')
    expect((await caxton('--server', server.address, 'agents', 'list')).stderr).to.include('SERVER_UNREACHABLE')
  })

  it('takes the first key, and keys that are made with it have their roles and no others', async () => {
    const first = ['--token-file', join(data, 'first-api-key')]
    expect((await ask(...first, 'auth', 'whoami')).stdout).to.match(/key:first-node-1[^]*admin/)
    const own = folder.file('ada.key')
    expect(await ask(...first, 'auth', 'create-key', 'ada', '--role', 'viewer', '--file', own)).to.include({ code: 0 })
    expect(await ask('--token-file', own, 'agents', 'list')).to.include({ code: 0 })
    expect((await ask('--token-file', own, 'agents', 'remove', 'anybody')).stderr).to.include('FORBIDDEN')
  })

  it('has all of it on record, in a chain that verifies without the server', async () => {
    const answer = await caxton('audit', 'verify', join(data, 'audit'))
    expect(answer, answer.stdout + answer.stderr).to.include({ code: 0 })
    const told = await ask('--token-file', join(data, 'first-api-key'), 'audit', 'query', '--output', 'json')
    for (const part of ['key:ada', 'FORBIDDEN', 'UNAUTHORIZED']) expect(told.stdout).to.include(part)
  })

  /** Ports that the server says it listens on, by purpose. */
  const declared = (): Map<string, number> => new Map(server.log.filter(({ msg }) => msg === 'listening')
    .map(({ purpose, port }) => [String(purpose), Number(port)]))

  it('listens on no port that it does not name', function () {
    if (spawnSync('ss', ['-V']).status !== 0) this.skip()
    const lines = execFileSync('ss', ['-Hltnup'], { encoding: 'utf8' }).split('\n')
    const own = lines.filter(line => line.includes(`pid=${server.processId},`))
    const open = new Set(own.map(line => Number(/:(\d+) +\S+:\*/.exec(line)?.[1])))
    expect(open).to.deep.equal(new Set(declared().values()))
    expect(open.size).to.be.at.least(3)
  })

  it('speaks nothing older than TLS 1.3, says a scanner', function () {
    if (spawnSync('sslscan', ['--version']).error !== undefined) this.skip()
    const encrypted = [...declared()].filter(([purpose]) => !purpose.includes('ossip') && !purpose.includes('metrics'))
    expect(encrypted).to.have.length(2)
    for (const [purpose, port] of encrypted) {
      const { stdout } = spawnSync('sslscan', ['--xml=-', '--no-ciphersuites', `127.0.0.1:${port}`], { encoding: 'utf8' })
      expect([...stdout.matchAll(PROTOCOL)].map(([, type, version]) => `${type} ${version}`), purpose).to.deep.equal(['tls 1.3'])
    }
  })
})
