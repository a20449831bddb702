import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'
import { create, type MessageInitShape } from '@bufbuild/protobuf'
import {
  AclMessageSchema, AgentManifestSchema, Agents, Messages, PlacementStrategy, Server, type AclMessage, type Connector,
} from '../../kernel/contract/index.js'
import { packageRoot } from '../../kernel/lifecycle/package-root.js'
import { openConnector } from '../../plugins/api-grpc/grpc-connector.js'
import type { Buckets } from './quantile.js'

/** A line of `--trace-gc`. */
const COLLECTION = /\b(Scavenge|Mark-Compact)\b/

const LONGEST_START = 60_000
/** Clock ticks per second in /proc, the same on every Linux that Node runs on. */
const TICKS = 100

/** Path of the program. */
export const caxton = (): string => path.join(packageRoot, 'dist', 'kernel', 'command', 'caxton.js')

/** How a server is started, besides its settings. */
export interface BenchChoices {
  /** Words after `caxton server start`. */
  readonly words?: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
  /** Flags for `node`. */
  readonly flags?: readonly string[]
  /** Certificates of the authority that the server's own is signed by: it has TLS. */
  readonly trust?: string
}

/**
 * A real server in a process of its own, and a client of its API. `CAXTON_BENCH_NODE_FLAGS` gives it more flags, such as
 * `--cpu-prof --cpu-prof-dir=FOLDER`.
 */
export class BenchServer {
  /** Collections of garbage by all threads of the server so far. */
  collections = 0

  private constructor (
    private readonly process: ChildProcess, readonly address: string, readonly connector: Connector, readonly folder: string,
    readonly startTime: number,
  ) {}

  /** Starts a server; with `folder`, on what an earlier one left there. */
  static async start (
    sets: readonly string[] = [], folder = mkdtempSync(path.join(tmpdir(), 'caxton-bench-')), choices: BenchChoices = {},
  ): Promise<BenchServer> {
    const began = performance.now()
    const { words: first = [], environment = {}, flags: chosen = [], trust } = choices
    const all = ['plugins.api-grpc.port=0', `node.data_dir=${folder}`, 'log.format=json', ...sets]
    const words = [...first, ...all.flatMap(set => ['--set', set])]
    const program = caxton()
    const { variables, flags } = firstLineOf(program)
    const own = process.env['CAXTON_BENCH_NODE_FLAGS']?.split(' ') ?? []
    const server = spawn(process.execPath, [...flags, ...chosen, ...own, '--trace-gc', program, 'server', 'start', ...words],
      { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...variables, ...environment } })
    // A bench that fails must not leave its server behind.
    const killed = (): void => { server.kill('SIGKILL') }
    process.once('exit', killed)
    server.once('exit', () => { process.off('exit', killed) })
    const address = await addressOf(server)
    const connector = openConnector(trust === undefined ? { address } : { address, trust })
    const bench = new BenchServer(server, address, connector, folder, performance.now() - began)
    createInterface({ input: server.stdout }).on('line', line => { bench.collections += COLLECTION.test(line) ? 1 : 0 })
    return bench
  }

  deploy (name: string, code: Uint8Array | Promise<Uint8Array>, configuration?: object): Promise<void> {
    return this.#deploy({ name }, code, configuration)
  }

  /** Deploys an agent on this node of a cluster. */
  async deployHere (name: string, code: Uint8Array | Promise<Uint8Array>, configuration?: object): Promise<void> {
    const { nodeId } = await this.connector.unary(Server.method.status, {})
    await this.#deploy({ name, placement: { strategy: PlacementStrategy.NODE, nodes: [nodeId] } }, code, configuration)
  }

  async #deploy (
    terms: MessageInitShape<typeof AgentManifestSchema>, code: Uint8Array | Promise<Uint8Array>, configuration: object | undefined,
  ): Promise<void> {
    const module = await code
    const manifest = create(AgentManifestSchema,
      { ...terms, configuration: configuration === undefined ? new Uint8Array() : Buffer.from(JSON.stringify(configuration)) })
    async function * parts (): AsyncGenerator<MessageInitShape<typeof Agents.method.deploy.input>> {
      yield { part: { case: 'manifest', value: manifest } }
      yield { part: { case: 'chunk', value: module } }
    }
    await this.connector.clientStream(Agents.method.deploy, parts())
  }

  async ask (receiver: string): Promise<readonly AclMessage[]> {
    const message = create(AclMessageSchema, { performative: 'request', receiver, content: Buffer.from('{}') })
    return (await this.connector.unary(Messages.method.send, { message, wait: true })).answers
  }

  /** Latencies of hand-overs since the server started. */
  async latency (sample: 'raw' | 'clean'): Promise<Buckets> {
    return this.histogram('caxton_message_routing_duration_seconds', sample)
  }

  async histogram (name: string, sample?: string): Promise<Buckets> {
    const { metrics } = await this.connector.unary(Server.method.metrics, { prefix: name })
    const found = metrics[0]?.samples.find(({ labels }) => sample === undefined || labels['sample'] === sample)
    return { bounds: found?.bounds ?? [], counts: found?.counts.map(Number) ?? [] }
  }

  async delivered (): Promise<number> {
    return Number((await this.connector.unary(Server.method.status, {})).messagesDelivered)
  }

  /** Messages handed to agents over so many milliseconds. */
  async deliveredPerSecond (milliseconds: number): Promise<number> {
    const began = performance.now()
    const before = await this.delivered()
    await pause(milliseconds)
    return (await this.delivered() - before) / (performance.now() - began) * 1e3
  }

  /** Rejects when a message came back or a send was refused: then it was not measured what was meant to be. */
  async expectNoErrors (): Promise<void> {
    for (const name of ['caxton_message_errors_total', 'caxton_messages_refused_total']) {
      const count = await this.figure(name)
      if (count > 0) throw new Error(`${name} is ${count}`)
    }
  }

  /** A counter or a gauge, of all its labels together. */
  async figure (name: string): Promise<number> {
    const { metrics } = await this.connector.unary(Server.method.metrics, { prefix: name })
    return metrics.find(metric => metric.name === name)?.samples.reduce((sum, { value }) => sum + value, 0) ?? 0
  }

  async startAgent (name: string): Promise<void> {
    await this.connector.unary(Agents.method.start, { name })
  }

  async stopAgent (name: string): Promise<void> {
    await this.connector.unary(Agents.method.stop, { name })
  }

  /** Messages that an agent has handled since it was started. */
  async handledBy (name: string): Promise<number> {
    return Number((await this.connector.unary(Agents.method.inspect, { name })).agent?.messagesHandled ?? 0)
  }

  async sentBy (name: string): Promise<number> {
    return Number((await this.connector.unary(Agents.method.inspect, { name })).messagesSent)
  }

  /** Messages handed to agents over so many milliseconds, for each second that the busiest thread had a core. */
  async deliveredPerBusySecond (milliseconds: number): Promise<number> {
    const before = { times: this.#threadTimes(), delivered: await this.delivered() }
    await pause(milliseconds)
    const delivered = await this.delivered()
    const busiest = Math.max(...[...this.#threadTimes()].map(([thread, time]) => time - (before.times.get(thread) ?? time)))
    return (delivered - before.delivered) / busiest * 1e9
  }

  /** Nanoseconds that each thread of the server has had a core. */
  #threadTimes (): Map<string, number> {
    const folder = `/proc/${this.process.pid}/task`
    return new Map(readdirSync(folder).map(thread =>
      [thread, Number(readFileSync(`${folder}/${thread}/schedstat`, 'utf8').split(' ', 1)[0])]))
  }

  /** Processor time that the server has used so far, in seconds. */
  processorTime (): number {
    const fields = readFileSync(`/proc/${this.process.pid}/stat`, 'utf8').replace(/^.*\) /, '').split(' ')
    return (Number(fields[11]) + Number(fields[12])) / TICKS
  }

  /** Resident memory of the server's process, in bytes. */
  resident (): number {
    const pages = readFileSync(`/proc/${this.process.pid}/statm`, 'utf8').split(' ')[1]
    return Number(pages) * 4_096
  }

  /** Takes the processors from the server until {@link goOn}. */
  hold (): void {
    this.process.kill('SIGSTOP')
  }

  goOn (): void {
    this.process.kill('SIGCONT')
  }

  /** Stops the server; returns its folder unless it is removed. */
  async stop (keep = false): Promise<string> {
    this.connector.close()
    const exited = new Promise(resolve => this.process.once('exit', resolve))
    this.process.kill('SIGTERM')
    await exited
    if (!keep) rmSync(this.folder, { recursive: true, force: true })
    return this.folder
  }
}

/** What is read of a line in the server's log. */
interface LogLine {
  readonly msg: string
  readonly purpose: string
  readonly address: string
  readonly port: number
}

function addressOf (server: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('the server did not start')), LONGEST_START)
    let address = ''
    if (server.stderr === null) throw new Error('the server has no standard error')
    createInterface({ input: server.stderr }).on('line', text => {
      const line = text.startsWith('{') ? JSON.parse(text) as LogLine : undefined
      if (line === undefined) console.error(text)
      if (line?.msg === 'listening' && line.purpose === 'gRPC API') address = `${line.address}:${line.port}`
      if (line?.msg !== 'server ready') return
      clearTimeout(timer)
      resolve(address)
    })
    server.once('exit', code => reject(new Error(`the server ended with ${code}`)))
  })
}

/** What a command's own first line sets: `#!/usr/bin/env -S VARIABLE=value node --flag ...`. */
function firstLineOf (program: string): { readonly variables: Record<string, string>, readonly flags: readonly string[] } {
  const words = readFileSync(program, 'utf8').split('\n', 1)[0]?.split(' ').slice(2) ?? []
  const node = words.indexOf('node')
  const variables = words.slice(0, node).map(word => word.split('=', 2))
  return { variables: Object.fromEntries(variables), flags: words.slice(node + 1) }
}
