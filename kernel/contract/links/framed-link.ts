import type { Clock, Timer } from '../clock.js'
import { TransportFrameTooLarge, TransportLinkLost } from '../seams/transport-errors.js'
import type { Link, LinkEvents } from '../seams/transport.js'
import { Heartbeat, type HeartbeatTiming } from './heartbeat.js'
import { LONGEST_REASON, LONGEST_RECORD, RECORD_HEADER, recordOf, RecordKind } from './link-records.js'
import type { LinkWriter } from './link-writer.js'
import { MalformedInput } from './malformed-input.js'
import { unpacked } from './packing.js'
import { RecordReader, type RecordSink } from './record-reader.js'
import type { Wire } from './wire.js'

/** What the two sides of a link agreed on, and this side's patience. */
export interface LinkTerms {
  readonly nodeId: string
  /** Most bytes of a frame that goes out, and of one that comes in. */
  readonly largestOut: number
  readonly largestIn: number
  readonly timing: HeartbeatTiming
  /** Milliseconds that an orderly end may take. */
  readonly closeTimeout: number
}

/** The parts that a greeting hands over. */
export interface GreetedWire {
  readonly wire: Wire
  readonly writer: LinkWriter
  readonly reader: RecordReader
}

/** Who looks after a link. */
export interface LinkKeeper {
  readonly events: LinkEvents
  /** Before `events.closed`. */
  closed (link: FramedLink, error: Error | undefined): void
  malformed (link: FramedLink, reason: string): void
}

const PING = recordOf(RecordKind.ping)
const PONG = recordOf(RecordKind.pong)
const GOODBYE = recordOf(RecordKind.goodbye)
/** Most bytes of an unpacked batch besides its largest frame. */
const BATCH_ROOM = 512 * 1024

/**
 * A link over a wire. Both sides end it with a goodbye behind their last frame; a wire that ends without has been lost.
 */
export class FramedLink implements Link, RecordSink {
  readonly limits: readonly number[]
  readonly #heartbeat: Heartbeat
  readonly #gone: Promise<void>
  #resolveGone: () => void = () => {}
  #state: 'open' | 'closing' | 'closed' = 'open'
  #hasSaidGoodbye = false
  #hasHeardGoodbye = false
  #deadline: Timer | undefined

  constructor (
    private readonly parts: GreetedWire,
    private readonly terms: LinkTerms,
    private readonly clock: Clock,
    private readonly keeper: LinkKeeper,
  ) {
    this.limits = limitsFor(terms.largestIn)
    this.#gone = new Promise(resolve => { this.#resolveGone = resolve })
    const { reader, writer } = parts
    this.#heartbeat = new Heartbeat(
      clock, terms.timing, () => reader.received, () => { writer.urge(PING) },
      silence => { this.lose(`nothing was heard of it for ${silence} ms`) },
    )
  }

  get nodeId (): string {
    return this.terms.nodeId
  }

  /** Begins to take what comes in, and to look after the other side. */
  open (): void {
    this.parts.reader.handTo(this)
    this.#heartbeat.start()
    this.keeper.events.opened(this)
  }

  send (frame: Uint8Array): boolean {
    const most = this.terms.largestOut
    if (frame.byteLength > most) throw TransportFrameTooLarge({ bytes: frame.byteLength, most })
    return this.#state === 'open' && this.parts.writer.offer(RecordKind.frame, frame)
  }

  async drained (signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    if (this.#state !== 'open') throw this.#lost('it is closed')
    await this.parts.writer.drained(signal)
  }

  async close (): Promise<void> {
    this.#finish()
    await this.#gone
  }

  /** Ends the link at once; what is under way is lost. */
  lose (reason: string): void {
    this.#end(this.#lost(reason))
    this.parts.wire.destroy()
  }

  record (kind: number, body: Uint8Array): void {
    switch (kind) {
      case RecordKind.frame: return this.keeper.events.frame(this, body)
      case RecordKind.packed: return this.#unpack(body)
      case RecordKind.ping: return this.parts.writer.urge(PONG)
      case RecordKind.goodbye: return this.#hearGoodbye()
      default: // A pong has been counted by coming in.
    }
  }

  malformed (reason: string): void {
    if (this.#state === 'closed') return
    this.keeper.malformed(this, reason)
    this.lose(`it sent ${reason}`)
  }

  ended (reason: string): void {
    this.#deadline?.cancel()
    this.#end(this.#hasSaidGoodbye ? undefined : this.#lost(reason))
    this.#resolveGone()
  }

  #unpack (body: Uint8Array): void {
    const most = this.terms.largestIn + BATCH_ROOM
    const inner = new RecordReader({
      limits: this.limits.slice(0, RecordKind.packed),
      record: (kind, each) => { if (this.#state !== 'closed') this.record(kind, each) },
      malformed: reason => { throw new MalformedInput(reason) },
      ended: () => {},
    })
    inner.bytes(unpacked(body, most))
    if (!inner.isBetweenRecords) throw new MalformedInput('a compressed batch that ends within a record')
  }

  #hearGoodbye (): void {
    this.#hasHeardGoodbye = true
    this.parts.reader.stop()
    this.#finish()
    this.#endIfBoth()
  }

  /** Takes no more frames, and ends the link behind those that it has taken. */
  #finish (): void {
    if (this.#state !== 'open') return
    this.#state = 'closing'
    this.parts.writer.refuseWaiters(() => this.#lost('it is closed'))
    this.parts.writer.finish(GOODBYE, () => {
      this.#hasSaidGoodbye = true
      this.#endIfBoth()
    })
    this.#deadline = this.clock.after(this.terms.closeTimeout, () => { this.parts.wire.destroy() })
  }

  #endIfBoth (): void {
    if (!this.#hasSaidGoodbye || !this.#hasHeardGoodbye) return
    this.#end(undefined)
    this.parts.wire.end()
  }

  #end (error: Error | undefined): void {
    if (this.#state === 'closed') return
    this.#state = 'closed'
    this.#heartbeat.stop()
    this.parts.reader.stop()
    this.parts.writer.stop()
    this.parts.writer.refuseWaiters(() => this.#lost('it is closed'))
    this.keeper.closed(this, error)
    this.keeper.events.closed(this, error)
  }

  #lost (reason: string): Error {
    return TransportLinkLost({ nodeId: this.nodeId, reason })
  }
}

function limitsFor (largestFrame: number): readonly number[] {
  const limits: number[] = []
  limits[RecordKind.frame] = largestFrame
  limits[RecordKind.ping] = 0
  limits[RecordKind.pong] = 0
  limits[RecordKind.goodbye] = LONGEST_REASON
  limits[RecordKind.packed] = Math.min(LONGEST_RECORD, largestFrame + BATCH_ROOM + RECORD_HEADER)
  return limits
}
