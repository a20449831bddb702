import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { type Ended, runProcess } from '../command/run-process.js'
import { freePort } from '../free-port.js'
import { until } from '../until.js'

/** How long an agent may take to answer, in milliseconds, on a machine that does much else. */
const PATIENCE = 15_000

/** A member as `serf members` shows it. */
export interface SerfMember {
  readonly name: string
  readonly addr: string
  readonly status: string
  readonly tags: Readonly<Record<string, string>>
}

/** Whether this machine has Serf (`apt-get install serf`). */
export function hasSerf (): boolean {
  return spawnSync('serf', ['version']).status === 0
}

/** An agent of Serf, as Debian has it, in a process of its own. */
export class SerfAgent {
  #output = ''
  #hasEnded = false

  private constructor (
    readonly name: string, readonly address: string, private readonly rpc: string, private readonly child: ChildProcess,
  ) {
    child.once('close', () => { this.#hasEnded = true })
    for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (text: string) => { this.#output += text })
  }

  /** On free ports at `host`; `words` go to `serf agent`. */
  static async start (name: string, host: string, words: readonly string[] = []): Promise<SerfAgent> {
    const address = `${host}:${await freePort(host)}`
    const rpc = `${host}:${await freePort(host)}`
    const child = spawn('serf', [
      'agent', `-node=${name}`, `-bind=${address}`, `-rpc-addr=${rpc}`, '-profile=lan', '-log-level=debug', ...words,
    ], { stdio: ['ignore', 'pipe', 'pipe'] })
    const killWithTests = (): void => { child.kill('SIGKILL') }
    process.once('exit', killWithTests)
    child.once('close', () => { process.off('exit', killWithTests) })
    const agent = new SerfAgent(name, address, rpc, child)
    await until(async () => {
      if (agent.#hasEnded) throw new Error(`serf ended: ${agent.#output}`)
      return (await agent.ask('members')).code === 0
    }, PATIENCE)
    return agent
  }

  /** What it has written. */
  get output (): string {
    return this.#output
  }

  /** Runs `serf COMMAND` against this agent. */
  ask (command: string, ...words: readonly string[]): Promise<Ended> {
    return runProcess('serf', [command, `-rpc-addr=${this.rpc}`, ...words])
  }

  /** Like {@link ask}, and throws what it says when it fails. */
  async tell (command: string, ...words: readonly string[]): Promise<string> {
    const { code, stdout, stderr } = await this.ask(command, ...words)
    if (code !== 0) throw new Error(`serf ${command}: ${stdout}${stderr}`)
    return stdout
  }

  async members (): Promise<readonly SerfMember[]> {
    const { members } = JSON.parse(await this.tell('members', '-detailed', '-format=json')) as { members: SerfMember[] }
    return members.sort((one, other) => one.name < other.name ? -1 : 1)
  }

  /** `name status` of all, sorted. */
  async statuses (): Promise<string> {
    return (await this.members()).map(({ name, status }) => `${name} ${status}`).join(', ')
  }

  /** Says goodbye to the others, then ends. */
  async leave (): Promise<void> {
    await this.tell('leave')
    await this.#ended()
  }

  /** Like `kill -9`. */
  async kill (): Promise<void> {
    this.child.kill('SIGKILL')
    await this.#ended()
  }

  async #ended (): Promise<void> {
    if (!this.#hasEnded) await once(this.child, 'close')
  }
}
