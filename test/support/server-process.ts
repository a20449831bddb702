import { spawn, type ChildProcess } from 'node:child_process'
import { EventEmitter, once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { CAXTON } from './command/run-process.js'
import { ServerClient } from './server-client.js'

/** What makes a server tell its memory. */
const MEMORY_IN_USE = new URL('../fixtures/process/memory-in-use.js', import.meta.url).href
/** How long a server may take to start or to stop, in milliseconds, on a machine that does much else. */
const PATIENCE = 20_000
/** Lines of the log that are remembered. */
const LINES = 5_000

/** One line of the server's log. */
export type LogLine = Readonly<Record<string, unknown>>

/** How a server is started. */
export interface ServerChoices {
  /** Left out: a new folder, which goes when the server has stopped. */
  readonly dataFolder?: string
  /** Each `path=value`. */
  readonly sets?: readonly string[]
  /** Words after `caxton server start`, besides these. */
  readonly words?: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
  /** The compiled `caxton` that is started; left out: that of this tree. */
  readonly program?: string
  /** Words before the program: `['setpriv', ...]`. */
  readonly under?: readonly string[]
  /** Whether {@link ServerProcess.memoryInUse} will be asked. */
  readonly tellsMemory?: boolean
  /** How long it may take to start, in milliseconds; longer where several start at once. */
  readonly patience?: number
}

/** A server that did not come up: what it wrote, and how it ended. */
export class NotStarted extends Error {
  override readonly name = 'NotStarted'

  constructor (readonly code: number | null, readonly output: string) {
    super(`the server ended with ${code}: ${output}`)
  }
}

/** The real server in a process of its own, on a port of the system's choice. */
export class ServerProcess {
  readonly log: LogLine[] = []
  #output = ''
  #address = ''
  #ended = false
  readonly #clients: ServerClient[] = []
  /** Each line of the log, by its message. */
  readonly #lines = new EventEmitter()

  private constructor (private readonly child: ChildProcess, readonly dataFolder: string, private readonly isOwnFolder: boolean) {
    child.once('close', () => { this.#ended = true })
  }

  /** Resolves when the server is ready. Throws {@link NotStarted}. */
  static async start (choices: ServerChoices = {}): Promise<ServerProcess> {
    const { dataFolder = mkdtempSync(join(tmpdir(), 'caxton-server-')), program = CAXTON } = choices
    const { sets = [], environment = {}, under = [] } = choices
    const words = [...choices.words ?? [], ...['plugins.api-grpc.port=0', 'log.format=json', ...sets].flatMap(set => ['--set', set])]
    const told = choices.tellsMemory === true ? [`--import=${MEMORY_IN_USE}`] : []
    const line = [...under, process.execPath, ...told, '--disable-wasm-trap-handler', program, 'server', 'start', ...words]
    const child = spawn(line[0] ?? '', line.slice(1), {
      env: { PATH: process.env['PATH'] ?? '', HOME: dataFolder, CAXTON_DATA_DIR: dataFolder, ...environment },
      cwd: tmpdir(), stdio: ['ignore', 'ignore', 'pipe'],
    })
    const server = new ServerProcess(child, dataFolder, choices.dataFolder === undefined)
    const killWithTests = (): void => { child.kill('SIGKILL') }
    process.once('exit', killWithTests)
    child.once('close', () => { process.off('exit', killWithTests) })
    await server.#untilReady(choices.patience ?? PATIENCE)
    return server
  }

  get processId (): number {
    return this.child.pid ?? 0
  }

  get address (): string {
    return this.#address
  }

  /** A connection of its own to this server; closed with it. */
  client (): ServerClient {
    const client = new ServerClient(this.address)
    this.#clients.push(client)
    return client
  }

  /** Resident memory in bytes. */
  async resident (): Promise<number> {
    return Number((await this.client().status()).residentBytes)
  }

  /** What the objects of the main thread take after all garbage has been collected, in bytes; see `tellsMemory`. */
  async memoryInUse (): Promise<number> {
    const told = once(this.#lines, 'memory in use', { signal: AbortSignal.timeout(PATIENCE) })
    this.child.kill('SIGUSR2')
    const [line] = await told as [LogLine]
    return Number(line['bytes'])
  }

  /** Asks the server to stop, and resolves to its exit code. A server that does not stop is killed, and that is an error. */
  async stop (signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    for (const client of this.#clients.splice(0)) client.close()
    try {
      return await this.#end(signal)
    } finally {
      if (this.isOwnFolder) rmSync(this.dataFolder, { recursive: true, force: true })
    }
  }

  /** What a power cut does to it. */
  async kill (): Promise<void> {
    await this.stop('SIGKILL')
  }

  /** Resolves to the exit code of a server that ends by itself. */
  async ended (): Promise<number | null> {
    if (!this.#ended) await once(this.child, 'close', { signal: AbortSignal.timeout(PATIENCE) })
    return this.child.exitCode
  }

  async #end (signal: NodeJS.Signals): Promise<number | null> {
    if (!this.#ended) this.child.kill(signal)
    try {
      return await this.ended()
    } catch (cause) {
      this.child.kill('SIGKILL')
      throw new Error(`the server did not stop within ${PATIENCE} ms of ${signal}: ${this.#output.slice(-2000)}`, { cause })
    }
  }

  async #untilReady (patience: number): Promise<void> {
    try {
      await new Promise<void>((resolve, reject) => {
        const timer = setTimeout(() => {
          this.child.kill('SIGKILL')
          reject(new NotStarted(null, `not ready within ${patience} ms: ${this.#output}`))
        }, patience)
        createInterface({ input: this.#stderr() }).on('line', text => {
          if (!this.#saysReady(text)) return
          clearTimeout(timer)
          resolve()
        })
        this.child.once('error', reject)
        this.child.once('close', code => {
          clearTimeout(timer)
          reject(new NotStarted(code, this.#output))
        })
      })
    } catch (error) {
      if (this.isOwnFolder) rmSync(this.dataFolder, { recursive: true, force: true })
      throw error
    }
  }

  #stderr (): Readable {
    const { stderr } = this.child
    if (stderr === null) throw new Error('the server has no stderr')
    return stderr
  }

  /** Notes a line of the log; whether it says that the server is ready. */
  #saysReady (text: string): boolean {
    this.#output = `${this.#output}${text}\n`.slice(-100_000)
    const line = parsed(text)
    if (line === undefined) return false
    this.log.push(line)
    this.#lines.emit(String(line['msg']), line)
    if (this.log.length > LINES) this.log.shift()
    if (line['msg'] === 'listening' && line['purpose'] === 'gRPC API') this.#address = `${String(line['address'])}:${String(line['port'])}`
    return line['msg'] === 'server ready'
  }
}

function parsed (text: string): LogLine | undefined {
  try {
    const line: unknown = JSON.parse(text)
    return typeof line === 'object' && line !== null ? { ...line } : undefined
  } catch {
    return undefined
  }
}
