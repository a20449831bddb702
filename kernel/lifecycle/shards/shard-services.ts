import { DELIVERY, FIELD, FRAME, HOST_RESULTS } from '../../contract/in-shard.js'
import type { Registration } from '../../routing/capabilities/capability-description.js'
import { RegistrationBook } from '../../routing/capabilities/registration-book.js'
import { TOOLS_NAME } from '../../routing/directory/directory.js'
import { findField, viewOf } from '../../routing/frames/frame.js'
import { messageIdText } from '../../routing/frames/message-id.js'
import { copyIdentity } from '../../routing/frames/message-stamp.js'
import { callFrame } from '../../routing/tools/call-frame.js'
import type { HostServices } from './agent-host.js'
import type { ShardAgent } from './shard-agent.js'
import { AGENT_FIGURE, SHARD_FIGURE } from './shard-memory.js'
import type { Notice } from './shard-control.js'
import type { ShardParts } from './shard-parts.js'

/** Most announcements that wait until a version can speak. */
const NOTICES = 256
const AT_LEAST_ONCE = DELIVERY.indexOf('at-least-once')

/** What the host calls of an agent reach inside its shard. */
export class ShardServices implements HostServices {
  readonly #registrations = new RegistrationBook()

  constructor (private readonly parts: ShardParts) {}

  send (agent: ShardAgent, memory: Uint8Array, offset: number, length: number): number {
    if (agent.sendsLeft <= 0) return this.#withheld(agent)
    if (!agent.maySend) return this.#denied(agent)
    if (agent.sends?.take(performance.now()) === false) return this.#rated()
    if (length > agent.birth.limits.messageBytes) return this.#refused(HOST_RESULTS.tooLarge)
    const { post, counters } = this.parts
    const result = post.send(memory, agent.viewOf(memory), offset, length, agent.handle, agent.birth.generation, agent.reach)
    // One message to many counts as so many; what is not sent counts as well, or trying would be free.
    const copies = result === HOST_RESULTS.ok ? post.recipients.list.count : 0
    agent.sendsLeft -= Math.max(copies, 1)
    if (copies > 1) agent.sends?.charge(copies - 1)
    if (result === HOST_RESULTS.denied) return this.#denied(agent)
    if (result !== HOST_RESULTS.ok) return this.#refused(result)
    counters.add(SHARD_FIGURE.sent, copies)
    counters.addAgent(agent.slot, AGENT_FIGURE.sent, copies)
    return result
  }

  /** A call counts as a message. What is held back until it is committed is kept with it; the idempotency key outlives a repetition. */
  call (agent: ShardAgent, memory: Uint8Array, offset: number, length: number): number {
    if (agent.sendsLeft <= 0) return this.#withheld(agent)
    if (length > agent.birth.limits.messageBytes) return this.#refused(HOST_RESULTS.tooLarge)
    const tools = this.parts.names.address(TOOLS_NAME)
    if (tools === 0n) return this.#refused(HOST_RESULTS.unavailable)
    if (agent.sends?.take(performance.now()) === false) return this.#rated()
    const { post, counters } = this.parts
    const view = agent.viewOf(memory)
    const key = findField(view, offset, FIELD.deliveryKey) < 0 ? this.#repeatableKey(agent) : undefined
    const frame = callFrame(memory, offset, length, tools, agent.open === undefined ? 0 : AT_LEAST_ONCE, key)
    const written = viewOf(frame)
    const result = post.send(frame, written, 0, frame.length, agent.handle, agent.birth.generation)
    agent.sendsLeft -= 1
    if (result !== HOST_RESULTS.ok) return this.#refused(result)
    copyIdentity(written, 0, view, offset)
    counters.add(SHARD_FIGURE.sent)
    counters.addAgent(agent.slot, AGENT_FIGURE.sent)
    return result
  }

  lookup (name: string): bigint {
    return this.parts.names.address(name)
  }

  registration (description: string): Registration | undefined {
    return this.#registrations.of(description)
  }

  announce (agent: ShardAgent, notice: Notice): void {
    if (agent.silence === undefined) this.parts.reports.announce({ handle: agent.handle, notice })
    else if (agent.notices.length < NOTICES) agent.notices.push(notice)
  }

  setTimer (agent: ShardAgent, milliseconds: number, id: number): void {
    // From a timer's own tick it counts from when that tick was due, so that a beat does not drift and beats do not
    // gather.
    const now = performance.now()
    const from = agent.tickDue > 0 ? Math.max(agent.tickDue, now - milliseconds) : now
    const entry = { due: from + milliseconds, owner: agent.slot, id, cause: this.parts.stamp.cause(), cancelled: false }
    agent.timers ??= new Map()
    agent.timers.set(id, entry)
    this.parts.timers.add(entry)
    agent.open?.timers.set(id, Date.now() + entry.due - now)
  }

  cancelTimer (agent: ShardAgent, id: number): void {
    const running = agent.timers?.get(id)
    if (running === undefined) return
    this.parts.timers.cancel(running)
    agent.timers?.delete(id)
    agent.open?.timers.set(id, 0)
  }

  log (agent: ShardAgent, level: number, text: string): void {
    this.parts.reports.log({ handle: agent.handle, at: Date.now(), level, text })
  }

  denied (agent: ShardAgent): void {
    this.parts.counters.add(SHARD_FIGURE.denied)
    this.parts.counters.addAgent(agent.slot, AGENT_FIGURE.denied)
  }

  logLost (): void {
    this.parts.counters.add(SHARD_FIGURE.logsLost)
  }

  /** The same for the same call when the message that it is made for comes again; undefined for one that never does. */
  #repeatableKey (agent: ShardAgent): string | undefined {
    if (agent.handling < 0) return undefined
    const { slab } = this.parts
    const view = slab.view(agent.handling)
    const at = slab.offset(agent.handling)
    const epoch = view.getBigUint64(at + FRAME.messageEpoch, true)
    const counter = view.getBigUint64(at + FRAME.messageCounter, true)
    return `${messageIdText({ epoch, counter })}.${++agent.calls}`
  }

  /** A version that only watches hears that all is well; what it sends is counted and goes nowhere. */
  #withheld (agent: ShardAgent): number {
    if (agent.silence !== 'shadow') return this.#refused(agent.silence === 'trial' ? HOST_RESULTS.unavailable : HOST_RESULTS.quota)
    this.parts.counters.addAgent(agent.slot, AGENT_FIGURE.withheld)
    return HOST_RESULTS.ok
  }

  #denied (agent: ShardAgent): number {
    this.denied(agent)
    return this.#refused(HOST_RESULTS.denied)
  }

  #rated (): number {
    this.parts.counters.add(SHARD_FIGURE.rated)
    return this.#refused(HOST_RESULTS.quota)
  }

  #refused (result: number): number {
    this.parts.counters.add(SHARD_FIGURE.refused)
    return result
  }
}
