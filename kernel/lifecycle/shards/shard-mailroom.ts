import { FRAME, FRAME_FLAGS } from '../../contract/in-shard.js'
import type { FrameSlab } from '../../routing/frames/frame-slab.js'
import type { Mailboxes } from '../../routing/frames/mailboxes.js'
import type { LocalReceivers } from '../../routing/frame-dispatch.js'
import type { RouteTable } from '../../routing/directory/route-table.js'
import type { Undeliverable } from '../../routing/undeliverable.js'
import type { RunQueue } from './run-queue.js'
import type { ShardAgent } from './shard-agent.js'
import { AGENT_FIGURE, SHARD_FIGURE, type ShardCounters } from './shard-memory.js'

/** The agents of a shard as receivers: frames go into slab slots and mailboxes, receivers into the run queue. */
export class ShardMailroom implements LocalReceivers {
  bytes: Uint8Array = new Uint8Array(0)
  view: DataView = new DataView(new ArrayBuffer(0))
  at = 0
  #slot = -1
  #length = 0
  #agent: ShardAgent | undefined

  constructor (
    private readonly routes: RouteTable,
    private readonly agents: ReadonlyArray<ShardAgent | undefined>,
    private readonly slab: FrameSlab,
    private readonly mailboxes: Mailboxes,
    private readonly runQueue: RunQueue,
    private readonly counters: ShardCounters,
  ) {}

  reserve (handle: number, length: number, isFailure: boolean): Undeliverable | undefined {
    this.#forget()
    const agent = this.agents[this.routes.slot(handle)]
    // The directory knows the agent, or nobody would ask: it has just been taken out, or not yet been brought in.
    if (agent === undefined || agent.handle !== handle || agent.parked) return 'AGENT_NOT_RUNNING'
    if (length > agent.birth.limits.messageBytes) return 'MESSAGE_TOO_LARGE'
    if (!this.mailboxes.accepts(agent.slot, length, isFailure)) return 'MAILBOX_FULL'
    const slot = this.slab.acquire(length)
    if (slot < 0) return 'MAILBOX_FULL'
    this.#slot = slot
    this.#length = length
    this.#agent = agent
    this.bytes = this.slab.bytes(slot)
    this.view = this.slab.view(slot)
    this.at = this.slab.offset(slot)
    return undefined
  }

  commit (): void {
    const agent = this.#agent
    if (agent === undefined) return
    this.slab.setStamp(this.#slot, performance.now())
    this.mailboxes.push(agent.slot, this.#slot, this.#length)
    this.counters.add(SHARD_FIGURE.pending)
    this.counters.setAgent(agent.slot, AGENT_FIGURE.mailbox, this.mailboxes.count(agent.slot))
    if (agent.shadow !== undefined) this.#copyFor(agent.shadow, this.#slot, this.#length)
    this.#slot = -1
    this.#agent = undefined
    if (agent.guest !== undefined) this.runQueue.add(agent)
  }

  /** What does not fit is not shown to the shadow: it must not cost the others anything. */
  #copyFor (shadow: ShardAgent, original: number, length: number): void {
    const { slab, mailboxes, counters, runQueue } = this
    const fits = !shadow.parked && length <= shadow.birth.limits.messageBytes && mailboxes.accepts(shadow.slot, length, false)
    const slot = fits ? slab.acquire(length) : -1
    if (slot < 0) return
    const at = slab.offset(slot)
    const view = slab.view(slot)
    slab.bytes(slot).set(slab.bytes(original).subarray(slab.offset(original), slab.offset(original) + length), at)
    view.setUint32(at + FRAME.receiver, shadow.handle, true)
    view.setUint32(at + FRAME.receiverGeneration, shadow.birth.generation, true)
    view.setUint8(at + FRAME.flags, view.getUint8(at + FRAME.flags) & ~FRAME_FLAGS.receipt | FRAME_FLAGS.shadow)
    // The original is what counts.
    view.setUint8(at + FRAME.delivery, 0)
    slab.setStamp(slot, slab.stamp(original))
    mailboxes.push(shadow.slot, slot, length)
    counters.add(SHARD_FIGURE.pending)
    if (shadow.guest !== undefined) runQueue.add(shadow)
  }

  #forget (): void {
    if (this.#slot >= 0) this.slab.release(this.#slot)
    this.#slot = -1
    this.#agent = undefined
  }
}
