import { join } from 'node:path'
import { CAXTON, runProcess, type Ended } from './command/run-process.js'
import { exampleModule, ROOT } from './compiled-agents.js'
import type { ShownMetric } from './metrics-document.js'
import { ServerProcess } from './server-process.js'
import { TemporaryFolder } from './temporary-folder.js'

/** Everything of which there are metrics, as in production, on ports of the system's choice. */
const CONFIGURATION = join(ROOT, 'test/fixtures/observability/everything.toml')

/** What the gossip is encrypted with. */
export const GOSSIP_KEY = Buffer.alloc(32, 'secret gossip').toString('base64')

/** A server as in production, with an agent that has answered, and two ports for metrics: an open and a guarded one. */
export class ObservedServer {
  private constructor (readonly server: ServerProcess, readonly folder: TemporaryFolder) {}

  static async start (): Promise<ObservedServer> {
    const folder = new TemporaryFolder()
    const tls = ['--dir', folder.file('tls')]
    for (const line of [['init-ca', ...tls], ['gen-cert', ...tls, '--node-id', 'node-1', '--host', '127.0.0.1']]) {
      const { code, stderr } = await runProcess(CAXTON, ['security', ...line])
      if (code !== 0) throw new Error(stderr)
    }
    const server = await ServerProcess.start({
      words: ['--config', CONFIGURATION, '--bootstrap'], environment: { FOLDER: folder.path, GOSSIP_KEY }, patience: 60_000,
    })
    const observed = new ObservedServer(server, folder)
    if (exampleModule('echo-wat') === undefined) throw new Error('the example echo-wat was not built')
    await observed.caxton('agents', 'deploy', join(ROOT, 'examples/build/echo-wat.wasm'), '--name', 'echo')
    await observed.caxton('message', 'send', '--to', 'echo', '--content', '{}', '--wait')
    return observed
  }

  /** A file with a key that may do everything. */
  get keyFile (): string {
    return join(this.folder.file('data'), 'first-api-key')
  }

  get authority (): string {
    return this.folder.file('tls/ca.pem')
  }

  /** Where metrics are, without scheme: the port that asks nobody, or the other. */
  port (which: 'open' | 'guarded'): string {
    const line = this.server.log.find(({ msg, purpose, encrypted }) =>
      msg === 'listening' && purpose === 'metrics and health' && encrypted === (which === 'guarded'))
    return `127.0.0.1:${String(line?.['port'])}`
  }

  async page (path: string, headers: Readonly<Record<string, string>> = {}): Promise<string> {
    return (await fetch(`http://${this.port('open')}${path}`, { headers })).text()
  }

  /** Every metric, those of which nothing was counted yet included. */
  async metrics (): Promise<readonly ShownMetric[]> {
    const { stdout } = await this.caxton('metrics', '--output', 'json')
    return (JSON.parse(stdout) as { readonly metrics: readonly ShownMetric[] }).metrics
  }

  /** Runs a command against the server, with every right. Throws where it fails. */
  async caxton (...words: string[]): Promise<Ended> {
    const line = ['--server', this.server.address, '--token-file', this.keyFile, ...words]
    const ended = await runProcess(CAXTON, line, { environment: { NO_COLOR: '1' } })
    if (ended.code !== 0) throw new Error(`caxton ${words.join(' ')}: ${ended.stdout}${ended.stderr}`)
    return ended
  }

  async stop (): Promise<void> {
    await this.server.stop()
    this.folder.remove()
  }
}
