import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { TemporaryFolder } from './temporary-folder.js'
import { until } from './until.js'

/** How long a real Prometheus may take to start, and to scrape what a test waits for, in milliseconds. */
const PATIENCE = 20_000

export const hasPrometheus = (): boolean =>
  ['prometheus', 'promtool'].every(program => spawnSync(program, ['--version']).error === undefined)

/** Runs `promtool`; what it says when it ends well and when it does not. */
export function promtool (words: readonly string[], input = ''): { readonly code: number | null, readonly said: string } {
  const { status, stdout, stderr } = spawnSync('promtool', words, { input, encoding: 'utf8' })
  return { code: status, said: `${stdout}${stderr}` }
}

/** A real Prometheus in a process and a folder of its own. */
export class PrometheusProcess {
  #said = ''

  private constructor (private readonly child: ChildProcess, private readonly folder: TemporaryFolder, readonly address: string) {
    child.stderr?.setEncoding('utf8').on('data', (text: string) => { this.#said += text })
  }

  /** `configuration` in its own format; JSON is YAML too. */
  static async start (configuration: object): Promise<PrometheusProcess> {
    const folder = new TemporaryFolder()
    writeFileSync(folder.file('prometheus.yml'), JSON.stringify(configuration))
    // An address of this process's own, so that nobody else has the port.
    const address = `127.${1 + process.pid % 250}.${1 + Math.floor(process.pid / 250) % 250}.9:9090`
    const child = spawn('prometheus', [
      `--config.file=${folder.file('prometheus.yml')}`, `--storage.tsdb.path=${folder.file('data')}`, `--web.listen-address=${address}`,
    ], { stdio: ['ignore', 'ignore', 'pipe'] })
    const kill = (): void => { child.kill('SIGKILL') }
    process.once('exit', kill)
    child.once('close', () => { process.off('exit', kill) })
    const started = new PrometheusProcess(child, folder, address)
    try {
      await until(() => started.#isReady(), PATIENCE)
    } catch (cause) {
      await started.stop()
      throw new Error(`Prometheus did not start: ${started.#said.slice(-2_000)}`, { cause })
    }
    return started
  }

  /** The `data` of an answer of its HTTP API. */
  async ask (path: string): Promise<unknown> {
    const answer: unknown = await (await fetch(`http://${this.address}/api/v1/${path}`)).json()
    if (typeof answer === 'object' && answer !== null && 'data' in answer) return answer.data
    throw new Error(`Prometheus did not understand ${path}: ${JSON.stringify(answer)}`)
  }

  /** The values of an expression, as of now. */
  async values (expression: string): Promise<number[]> {
    const data = await this.ask(`query?query=${encodeURIComponent(expression)}`)
    const { result } = data as { readonly result: ReadonlyArray<{ readonly value: readonly [number, string] }> }
    return result.map(({ value: [, text] }) => Number(text))
  }

  /** Waits until an expression has values, and all of them satisfy. */
  async untilValues (expression: string, satisfied: (values: readonly number[]) => boolean): Promise<void> {
    let values: readonly number[] = []
    try {
      await until(async () => {
        values = await this.values(expression)
        return values.length > 0 && satisfied(values)
      }, PATIENCE)
    } catch (cause) {
      const targets = JSON.stringify(await this.ask('targets?state=active'))
      throw new Error(`${expression} is [${values.join(', ')}]; targets: ${targets}`, { cause })
    }
  }

  async stop (): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      this.child.kill('SIGKILL')
      await once(this.child, 'close')
    }
    this.folder.remove()
  }

  async #isReady (): Promise<boolean> {
    if (this.child.exitCode !== null) throw new Error('it ended')
    try {
      return (await fetch(`http://${this.address}/-/ready`)).ok
    } catch {
      return false
    }
  }
}
