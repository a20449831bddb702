import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { runProcess } from './command/run-process.js'

const IP = ['/usr/sbin/ip', '/sbin/ip', '/usr/bin/ip', '/bin/ip'].find(path => existsSync(path))

/**
 * Machines of a network, each a network namespace of Linux with one address, on one of two switches in a further namespace: machines on
 * different switches can't reach each other, and no packet between them says why. Nothing of it touches the network of this machine.
 * Names hold the id of this process, so that several tests may run beside each other.
 */
export class NetworkNamespaces {
  readonly #name = `cx${process.pid}`
  readonly #made: string[] = []
  readonly #tidy = (): void => { this.#removeNow() }

  constructor (private readonly machines: number) {}

  /** Why there can be none here; undefined where there can. */
  static async lacking (): Promise<string | undefined> {
    if (process.platform !== 'linux' || IP === undefined) return 'there is no `ip` (package iproute2)'
    if (process.getuid?.() !== 0) return 'only root may make network namespaces'
    const trial = new NetworkNamespaces(1)
    try {
      await trial.open()
      return undefined
    } catch (error) {
      return `network namespaces can't be made: ${String(error)}`
    } finally {
      await trial.close()
    }
  }

  /** Address of a machine, from 1. */
  addressOf (machine: number): string {
    return `10.99.0.${machine}`
  }

  /** Words before a program that shall run on a machine. */
  on (machine: number): readonly string[] {
    return [IP ?? 'ip', 'netns', 'exec', this.#machine(machine)]
  }

  /** All machines on one switch. */
  async open (): Promise<void> {
    await removeForsaken()
    process.once('exit', this.#tidy)
    await this.#add(this.#switch)
    for (const bridge of ['one', 'two']) {
      await ip('-n', this.#switch, 'link', 'add', bridge, 'type', 'bridge')
      await ip('-n', this.#switch, 'link', 'set', bridge, 'up')
    }
    for (let machine = 1; machine <= this.machines; machine++) await this.#plugIn(machine)
  }

  /** Puts these machines on a switch of their own. */
  async part (machines: readonly number[]): Promise<void> {
    for (const machine of machines) await ip('-n', this.#switch, 'link', 'set', `m${machine}`, 'master', 'two')
  }

  /** Puts all machines on one switch again. */
  async heal (): Promise<void> {
    for (let machine = 1; machine <= this.machines; machine++) await ip('-n', this.#switch, 'link', 'set', `m${machine}`, 'master', 'one')
  }

  /** The processes on the machines must have ended. Also after `open` failed. */
  async close (): Promise<void> {
    process.off('exit', this.#tidy)
    for (const name of this.#made.splice(0).reverse()) await ip('netns', 'del', name).catch(() => {})
  }

  get #switch (): string {
    return `${this.#name}-switch`
  }

  #machine (machine: number): string {
    return `${this.#name}-${machine}`
  }

  async #add (name: string): Promise<void> {
    await ip('netns', 'add', name)
    this.#made.push(name)
    await ip('-n', name, 'link', 'set', 'lo', 'up')
  }

  async #plugIn (machine: number): Promise<void> {
    const [port, name] = [`m${machine}`, this.#machine(machine)]
    await this.#add(name)
    await ip('link', 'add', port, 'netns', this.#switch, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', name)
    await ip('-n', this.#switch, 'link', 'set', port, 'master', 'one', 'up')
    await ip('-n', name, 'addr', 'add', `${this.addressOf(machine)}/24`, 'dev', 'eth0')
    await ip('-n', name, 'link', 'set', 'eth0', 'up')
  }

  /** The test process ends before it has tidied up. */
  #removeNow (): void {
    for (const name of this.#made) spawn(IP ?? 'ip', ['netns', 'del', name], { stdio: 'ignore', detached: true }).unref()
  }
}

/** Removes what processes left that were killed before they could. */
async function removeForsaken (): Promise<void> {
  const { stdout } = await runProcess(IP ?? 'ip', ['netns', 'list'])
  for (const [, name = '', id = ''] of stdout.matchAll(/^(cx(\d+)-\w+)/gm)) {
    if (!existsSync(`/proc/${id}`)) await ip('netns', 'del', name).catch(() => {})
  }
}

async function ip (...words: string[]): Promise<void> {
  const { code, stderr } = await runProcess(IP ?? 'ip', words)
  if (code !== 0) throw new Error(`ip ${words.join(' ')}: ${stderr.trim()}`)
}
