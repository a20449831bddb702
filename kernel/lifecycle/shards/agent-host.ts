import { randomFillSync } from 'node:crypto'
import { FIELD, FRAME, HOST_RESULTS, type GuestHost, type HostCall } from '../../contract/in-shard.js'
import type { Registration } from '../../routing/capabilities/capability-description.js'
import { findField, frameFault } from '../../routing/frames/frame.js'
import { matchesName } from '../../contract/in-shard.js'
import { isCall, WITHDRAWAL } from '../../routing/tools/call-frame.js'
import { isTopicPattern, topicCovers } from '../../routing/topics/topic-pattern.js'
import type { ShardAgent } from './shard-agent.js'
import type { Notice } from './shard-control.js'

/** Most timers that one agent may have running. */
const TIMERS = 64
/** Most capabilities that one agent may offer, topics it may subscribe to, and changes of these in a second. */
const CAPABILITIES = 64
const TOPICS = 64
const ANNOUNCEMENTS = 64
/** Most characters in the description of a capability. */
const DESCRIPTION_LENGTH = 4096
/** Most characters in a log line. */
const LOG_LENGTH = 4096
const LONGEST_TIMER = 2 ** 31 - 1

/** What the host calls of an agent reach outside the agent. */
export interface HostServices {
  send (agent: ShardAgent, memory: Uint8Array, offset: number, length: number): number
  /** `memory` holds a sound call, for which the agent has the permission. */
  call (agent: ShardAgent, memory: Uint8Array, offset: number, length: number): number
  lookup (name: string): bigint
  /** What a description registers; undefined when it is malformed. */
  registration (description: string): Registration | undefined
  announce (agent: ShardAgent, notice: Notice): void
  /** `id` must have no running timer. */
  setTimer (agent: ShardAgent, milliseconds: number, id: number): void
  /** Does nothing when there is no such timer. */
  cancelTimer (agent: ShardAgent, id: number): void
  log (agent: ShardAgent, level: number, text: string): void
  logLost (): void
  /** It wanted to do what it may not. */
  denied (agent: ShardAgent): void
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
    const registration = this.services.registration(description)
    if (registration === undefined) return HOST_RESULTS.malformed
    const capabilities = this.agent.capabilities ??= new Map()
    if (registration.kind === 'withdraws') {
      if (capabilities.delete(registration.name)) this.services.announce(this.agent, registration)
      return HOST_RESULTS.ok
    }
    const { name } = registration.capability
    if (capabilities.get(name) === description) return HOST_RESULTS.ok
    if (!capabilities.has(name) && capabilities.size >= CAPABILITIES) return HOST_RESULTS.quota
    capabilities.set(name, description)
    this.services.announce(this.agent, registration)
    return HOST_RESULTS.ok
  }

  subscribe (topic: string): number {
    if (!this.#may('subscribe')) return HOST_RESULTS.denied
    this.#renew()
    if (this.agent.announcementsLeft-- <= 0) return HOST_RESULTS.quota
    const pattern = topic.startsWith('-') ? topic.slice(1) : topic
    if (!isTopicPattern(pattern)) return HOST_RESULTS.malformed
    if (this.agent.birth.scopes?.subscribe?.some(scope => topicCovers(scope, pattern)) === false) return this.#deny()
    const topics = this.agent.topics ??= new Set()
    if (pattern !== topic) {
      if (topics.delete(pattern)) this.services.announce(this.agent, { kind: 'unsubscribes', topic: pattern })
      return HOST_RESULTS.ok
    }
    if (topics.has(pattern)) return HOST_RESULTS.ok
    if (topics.size >= TOPICS) return HOST_RESULTS.quota
    topics.add(pattern)
    this.services.announce(this.agent, { kind: 'subscribes', topic: pattern })
    return HOST_RESULTS.ok
  }

  now (): bigint {
    return this.#may('now') ? BigInt(Date.now()) : 0n
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

  /** Whoever may call only some tools is refused the others here already, by the name in `to`. */
  call (memory: Uint8Array, offset: number, length: number): number {
    if (!this.#may('call')) return HOST_RESULTS.denied
    const view = this.agent.viewOf(memory)
    if (frameFault(memory, view, offset, length) !== undefined || !isCall(view, offset)) return HOST_RESULTS.malformed
    const tools = this.agent.birth.scopes?.call
    if (tools !== undefined && view.getUint8(offset + FRAME.act) !== WITHDRAWAL) {
      const field = findField(view, offset, FIELD.to)
      const tool = field < 0 ? '' : textAt(memory, field, view.getUint16(field - 2, true))
      if (!tools.some(pattern => matchesName(pattern, tool))) return this.#deny()
    }
    return this.services.call(this.agent, memory, offset, length)
  }

  #renew (): void {
    const second = Math.floor(performance.now() / 1000)
    if (second === this.agent.second) return
    this.agent.second = second
    this.agent.logsLeft = this.agent.birth.logLines
    this.agent.announcementsLeft = ANNOUNCEMENTS
  }

  #may (call: HostCall): boolean {
    if (this.agent.may(call)) return true
    this.services.denied(this.agent)
    return false
  }

  #deny (): number {
    this.services.denied(this.agent)
    return HOST_RESULTS.denied
  }
}

const textAt = (memory: Uint8Array, at: number, length: number): string =>
  Buffer.from(memory.buffer, memory.byteOffset + at, length).toString('latin1')
