import type { Clock, Timer } from '../../../kernel/contract/index.js'
import type { MemberRecord } from '../members/member-record.js'
import type { MemberTable } from '../members/member-table.js'
import { isSameAddress, type Address } from '../network/network.js'
import type { PacketMessage, Ping } from '../wire/messages.js'
import type { AckBook } from './ack-book.js'

/** Protocol versions from which on a node understands these (memberlist §8). */
const STREAM_PING_SINCE = 3
const NACK_SINCE = 4

/** What probes need of the node that sends them. */
export interface ProbeTools {
  readonly clock: Clock
  readonly acks: AckBook
  readonly table: MemberTable
  readonly me: MemberRecord
  /** Sends a packet; `withGossip` fills it up with news. */
  send (to: Address, messages: readonly PacketMessage[], withGossip: boolean): void
  /** A ping to this node. */
  ping (sequence: number, node: string): Ping
  /** Asks over a connection; resolves to whether it answered in time. Never rejects. */
  streamPing (record: MemberRecord, signal: AbortSignal): Promise<boolean>
  answered (record: MemberRecord, from: Address, payload: Uint8Array, roundTrip: number | undefined): void
}

export interface ProbeResult {
  readonly way: 'direct' | 'indirect' | 'stream' | 'none'
  /** Of those who were asked to help, how many did not even say that they heard nothing. */
  readonly silentHelpers: number
  readonly askedHelpers: number
}

export interface ProbeTimes {
  /** When others are asked to help. */
  readonly help: number
  /** When it is given up. */
  readonly end: number
  /** How many are asked. */
  readonly helpers: number
}

/** One probe of one node: directly, then with the help of others and over a connection at once. */
export class Probe {
  /** When it began, in milliseconds of the clock that never goes back. */
  began = 0
  #sequence = 0
  readonly #timers: Timer[] = []
  #giveUp: AbortController | undefined
  #hasHelp = false
  #helpers = 0
  #asked = 0
  #nacks = 0
  #pings = 0
  #isOver = false

  constructor (
    readonly target: MemberRecord,
    private readonly tools: ProbeTools,
    private readonly done: (result: ProbeResult) => void,
  ) {}

  start (times: ProbeTimes): void {
    const { tools } = this
    this.began = tools.clock.elapsed()
    this.#sequence = tools.acks.expect({
      acked: (from, payload) => { this.#acked(from, payload) },
      nacked: () => { this.#nacks += 1 },
    })
    this.#helpers = times.helpers
    this.#ping()
    if (times.help <= 0) this.askForHelp()
    else this.#after(times.help, () => { this.askForHelp() })
    // The packet may just have been lost: it is sent again when help is asked for, and between that and the end.
    for (const share of [0, 1 / 3, 2 / 3]) {
      const at = times.help + share * (times.end - times.help)
      if (at > 0) this.#after(at, () => { this.#ping() })
    }
    this.#after(times.end, () => { this.#finish('none') })
  }

  /** Without waiting any longer for the direct answer. */
  askForHelp (): void {
    if (this.#isOver || this.#hasHelp) return
    this.#hasHelp = true
    const { tools, target } = this
    const { name, host, port } = target
    const helpers = tools.table.pick(this.#helpers, other => other !== tools.me && other !== target && other.state === 'alive')
    for (const helper of helpers) {
      const wantsNack = (helper.versions?.maximum ?? 0) >= NACK_SINCE
      if (wantsNack) this.#asked += 1
      const { source } = tools.ping(this.#sequence, name)
      tools.send(helper, [{ kind: 'indirect-ping', sequence: this.#sequence, node: name, host, port, wantsNack, source }], false)
    }
    if ((target.versions?.maximum ?? 0) >= STREAM_PING_SINCE) void this.#streamPing()
  }

  /** Without a result. */
  cancel (): void {
    this.#end()
  }

  #after (milliseconds: number, act: () => void): void {
    this.#timers.push(this.tools.clock.after(milliseconds, act))
  }

  #ping (): void {
    const { tools, target } = this
    this.#pings += 1
    const ping = tools.ping(this.#sequence, target.name)
    if (target.state === 'alive') tools.send(target, [ping], true)
    else {
      // What is believed of it goes along, so that it can refute it at once.
      const { name: node, incarnation } = target
      const kind = target.state === 'suspect' ? 'suspect' as const : 'dead' as const
      tools.send(target, [ping, { kind, node, incarnation, from: tools.me.name }], false)
    }
  }

  async #streamPing (): Promise<void> {
    this.#giveUp = new AbortController()
    const isThere = await this.tools.streamPing(this.target, this.#giveUp.signal)
    if (isThere && !this.#isOver) {
      this.tools.answered(this.target, this.target, new Uint8Array(), undefined)
      this.#finish('stream')
    }
  }

  #acked (from: Address, payload: Uint8Array): void {
    if (this.#isOver) return
    const isDirect = isSameAddress(from, this.target)
    // Of several pings it is not known which one was answered.
    const roundTrip = this.#pings === 1 ? this.tools.clock.elapsed() - this.began : undefined
    if (isDirect) this.tools.answered(this.target, from, payload, roundTrip)
    this.#finish(isDirect ? 'direct' : 'indirect')
  }

  #finish (way: ProbeResult['way']): void {
    if (this.#isOver) return
    this.#end()
    this.done({ way, askedHelpers: this.#asked, silentHelpers: Math.max(0, this.#asked - this.#nacks) })
  }

  #end (): void {
    this.#isOver = true
    this.tools.acks.forget(this.#sequence)
    for (const timer of this.#timers) timer.cancel()
    this.#giveUp?.abort(new Error('the probe is over'))
  }
}
