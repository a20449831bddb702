import { randomFillSync } from 'node:crypto'
import { HOST_RESULTS, type GuestHost, type HostCall } from '../../contract/index.js'
import type { ShardAgent } from './shard-agent.js'

/** Most timers that one agent may have running. */
const TIMERS = 64
/** Most capabilities that one agent may announce, announcements in a second, and characters in one description. */
const CAPABILITIES = 64
const ANNOUNCEMENTS = 64
const DESCRIPTION_LENGTH = 4096
/** Most log lines of one agent in a second, and most characters in one. */
const LOG_LINES = 100
const LOG_LENGTH = 4096
const LONGEST_TIMER = 2 ** 31 - 1

/** What the host calls of an agent reach outside the agent. */
export interface HostServices {
  send (agent: ShardAgent, memory: Uint8Array, offset: number, length: number): number
  lookup (name: string): bigint
  announce (agent: ShardAgent, description: string): void
  /** `id` must have no running timer. */
  setTimer (agent: ShardAgent, milliseconds: number, id: number): void
  /** Does nothing when there is no such timer. */
  cancelTimer (agent: ShardAgent, id: number): void
  log (agent: ShardAgent, level: number, text: string): void
  logLost (): void
}

/** Answers one agent's host calls. Permissions are checked here again, whatever the module's imports were. */
export class AgentHost implements GuestHost {
  readonly #self: bigint

  constructor (private readonly agent: ShardAgent, private readonly services: HostServices) {
    this.#self = BigInt(agent.birth.generation) << 32n | BigInt(agent.handle)
  }

  send (memory: Uint8Array, offset: number, length: number): number {
    return this.services.send(this.agent, memory, offset, length)
  }

  self (): bigint {
    return this.#self
  }

  lookup (name: string): bigint {
    return this.#may('lookup') ? this.services.lookup(name) : 0n
  }

  register (description: string): number {
    if (!this.#may('register')) return HOST_RESULTS.denied
    if (description.length > DESCRIPTION_LENGTH) return HOST_RESULTS.tooLarge
    this.#renew()
    if (this.agent.announcementsLeft-- <= 0) return HOST_RESULTS.quota
    const name = capabilityName(description)
    if (name === undefined) return HOST_RESULTS.malformed
    const capabilities = this.agent.capabilities ??= new Map()
    if (capabilities.get(name) === description) return HOST_RESULTS.ok
    if (!capabilities.has(name) && capabilities.size >= CAPABILITIES) return HOST_RESULTS.quota
    capabilities.set(name, description)
    this.services.announce(this.agent, description)
    return HOST_RESULTS.ok
  }

  /** Topics are not served by this version: the agent is told so. */
  subscribe (_topic: string): number {
    return this.#may('subscribe') ? HOST_RESULTS.unavailable : HOST_RESULTS.denied
  }

  now (): bigint {
    return BigInt(Date.now())
  }

  random (memory: Uint8Array, offset: number, length: number): number {
    if (!this.#may('random')) return HOST_RESULTS.denied
    randomFillSync(memory, offset, length)
    return HOST_RESULTS.ok
  }

  timer (milliseconds: number, id: number): number {
    if (!this.#may('timer')) return HOST_RESULTS.denied
    this.services.cancelTimer(this.agent, id)
    if (milliseconds < 0) return HOST_RESULTS.ok
    if ((this.agent.timers?.size ?? 0) >= TIMERS) return HOST_RESULTS.quota
    this.services.setTimer(this.agent, Math.min(milliseconds, LONGEST_TIMER), id)
    return HOST_RESULTS.ok
  }

  log (level: number, text: string): void {
    if (!this.#may('log')) return
    this.#renew()
    if (this.agent.logsLeft-- > 0) this.services.log(this.agent, level, text.slice(0, LOG_LENGTH))
    else this.services.logLost()
  }

  /** No plugin serves tools in this version: the agent is told so. */
  call (_memory: Uint8Array, _offset: number, _length: number): number {
    return this.#may('call') ? HOST_RESULTS.unavailable : HOST_RESULTS.denied
  }

  #renew (): void {
    const second = Math.floor(performance.now() / 1000)
    if (second === this.agent.second) return
    this.agent.second = second
    this.agent.logsLeft = LOG_LINES
    this.agent.announcementsLeft = ANNOUNCEMENTS
  }

  #may (call: HostCall): boolean {
    return this.agent.may(call)
  }
}

/** The name in a capability's description, or undefined when the description is none. */
function capabilityName (description: string): string | undefined {
  try {
    const parsed: unknown = JSON.parse(description)
    if (typeof parsed !== 'object' || parsed === null || !('name' in parsed)) return undefined
    const { name } = parsed
    return typeof name === 'string' && name.length > 0 && name.length <= 100 ? name : undefined
  } catch {
    return undefined
  }
}
