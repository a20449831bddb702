import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { TemporaryFolder } from '../temporary-folder.js'
import { withoutRoot } from '../unprivileged.js'
import { until } from '../until.js'

const NOBODY = 65_534
/** How long a database may take to start, in milliseconds, on a machine that does much else. */
const PATIENCE = 30_000

/** A folder that a database without root's privileges may write, and the words that take them away. */
export class DatabaseFolder {
  readonly #folder = new TemporaryFolder()
  readonly path = this.#folder.file('data')
  readonly #under = withoutRoot()

  constructor () {
    mkdirSync(this.path, { mode: 0o700 })
    if (this.#under.length === 0) return
    for (const path of [this.#folder.path, this.path]) chownSync(path, NOBODY, NOBODY)
  }

  /** Writes a file beside the database's folder, for it alone, and gives its path. */
  write (name: string, text: string): string {
    const path = join(this.#folder.path, name)
    writeFileSync(path, text, { mode: 0o600 })
    if (this.#under.length > 0) chownSync(path, NOBODY, NOBODY)
    return path
  }

  /** Runs a program to its end. */
  run (program: string, words: readonly string[]): void {
    const line = [...this.#under, program, ...words]
    const { status, stderr, stdout } = spawnSync(line[0] ?? '', line.slice(1), { cwd: this.path, encoding: 'utf8' })
    if (status !== 0) throw new Error(`${program} ended with ${status}: ${stderr}${stdout}`)
  }

  start (program: string, words: readonly string[]): DatabaseProcess {
    const line = [...this.#under, program, ...words]
    return new DatabaseProcess(spawn(line[0] ?? '', line.slice(1), { cwd: this.path, stdio: ['ignore', 'pipe', 'pipe'] }))
  }

  remove (): void {
    this.#folder.remove()
  }
}

/** A database in a process of its own, which ends with the tests at the latest. */
export class DatabaseProcess {
  #said = ''
  #ended = false

  constructor (private readonly child: ChildProcess) {
    const kill = (): void => { child.kill('SIGKILL') }
    process.once('exit', kill)
    child.once('close', () => {
      this.#ended = true
      process.off('exit', kill)
    })
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (text: Buffer) => { this.#said += text.toString() })
  }

  async ready (holds: () => Promise<boolean>): Promise<void> {
    await until(async () => {
      if (this.#ended) throw new Error(`the database ended: ${this.#said}`)
      return await holds()
    }, PATIENCE)
  }

  /** Stops answering, without closing anything; `SIGCONT` ends it. */
  signal (name: NodeJS.Signals): void {
    this.child.kill(name)
  }

  async stop (name: NodeJS.Signals = 'SIGINT'): Promise<void> {
    if (this.#ended) return
    const closed = once(this.child, 'close')
    this.child.kill(name)
    await closed
  }
}

/** Whether a program is there; says so where it is not, so that the skipped tests are seen. */
export function isInstalled (program: string): boolean {
  const found = program.includes('/') ? existsSync(program) : spawnSync('which', [program]).status === 0
  if (!found) process.stdout.write(`      skipped: ${program} is not installed\n`)
  return found
}
