import type { Counter, Histogram, Timer } from '../../kernel/contract/index.js'
import { Joiner } from './exchange/joiner.js'
import { Redial } from './exchange/redial.js'
import { TableSync } from './exchange/table-sync.js'
import { Gossiper } from './gossip/gossiper.js'
import type { MemberRecord } from './members/member-record.js'
import { isSameAddress, type Address } from './network/network.js'
import { PacketIntake } from './packet-intake.js'
import { Sight } from './partition/sight.js'
import { Standing } from './partition/standing.js'
import { AckBook } from './probing/ack-book.js'
import { LoopLag } from './probing/loop-lag.js'
import { decodeExtension, type PingExtension } from './probing/ping-extension.js'
import type { ProbeTools } from './probing/probe.js'
import { Prober } from './probing/prober.js'
import { RoundTrips } from './probing/round-trips.js'
import type { SwimCore } from './swim-core.js'
import type { SwimEvents } from './swim-needs.js'
import type { Ping } from './wire/messages.js'

/** A seed has more time for its answer than a dead node, because many may join through it at once. */
const JOIN_PATIENCE = 3
const BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1]

/** What a node does by itself, again and again: probes, gossips, compares, dials, and looks whom it reaches. */
export class SwimLoops {
  readonly acks: AckBook
  readonly intake: PacketIntake
  readonly prober: Prober
  readonly gossiper: Gossiper
  readonly sync: TableSync
  readonly redial: Redial
  readonly standing: Standing
  readonly sight: Sight
  readonly lag: LoopLag
  readonly roundTrips: RoundTrips
  readonly #tools: ProbeTools
  readonly #roundTripTimes: Histogram
  readonly #blocked: Counter
  readonly #heard = new WeakMap<MemberRecord, PingExtension>()
  readonly #pingTimers = new Set<Timer>()
  #isRunning = false
  #saidBlocked = false

  constructor (
    private readonly core: SwimCore,
    events: Pick<SwimEvents, 'view'>,
    private readonly heardWhisper: (nodeId: string, bytes: Uint8Array) => void,
  ) {
    const { me, table, post, needs } = core
    const { settings, clock, random, metrics } = needs
    this.acks = new AckBook(Math.floor(random.fraction() * 2 ** 32))
    this.roundTrips = new RoundTrips(settings.probeTimeout)
    this.lag = new LoopLag(clock, settings.lagLimit)
    this.#roundTripTimes = metrics.histogram('caxton_cluster_probe_seconds', 'Round trips of probes that were answered.', BUCKETS)
    this.#blocked = metrics.counter('caxton_cluster_udp_blocked_total', 'Probes that only a connection answered, no packet.')
    this.#tools = this.#probeTools()
    this.prober = this.#makeProber()
    this.gossiper = new Gossiper(me, table, post, settings, clock, random)
    this.sync = new TableSync(
      me, table, settings, clock, random, record => this.#compare(record), record => this.differs(record), () => post.waiting === 0)
    this.redial = this.#makeRedial()
    this.standing = new Standing(clock, needs.standing, view => { events.view(view) })
    this.sight = new Sight({
      me, table, roster: core.roster, standing: this.standing, clock, lag: this.lag,
      ping: record => { this.#pingOnce(record) },
      atLeast: () => this.#atLeast(),
    })
    this.intake = new PacketIntake({
      me, table, post, clock, settings, rules: core.rules, codec: core.codec, acks: this.acks, tools: this.#tools, serf: core.serf,
      drops: core.drops, extension: () => core.extension(), heardExtension: (record, told) => { this.#heardExtension(record, told) },
    })
  }

  start (): void {
    this.#isRunning = true
    this.lag.start()
    this.prober.start()
    this.gossiper.start()
    this.sync.start()
    this.redial.start()
    this.sight.look()
  }

  /** Answers still, but accuses and looks for nobody any more. */
  quieten (): void {
    this.#isRunning = false
    this.prober.stop()
    this.redial.stop()
    this.sync.stop()
    this.sight.stop()
    this.core.rules.stop()
  }

  stop (): void {
    this.quieten()
    this.gossiper.stop()
    this.lag.stop()
    this.intake.stop()
    for (const timer of this.#pingTimers) timer.cancel()
    this.#pingTimers.clear()
  }

  /** Whether a node last told something else than this one knows. */
  differs (record: MemberRecord): boolean {
    const told = this.#heard.get(record)
    if (told === undefined) return false
    const [high, low] = this.core.table.digest
    return told.table[0] !== high || told.table[1] !== low || told.roster !== this.core.roster.digest
  }

  /** Brings a node the latest of who belongs to the cluster, if it can be reached. */
  async tellRoster (record: MemberRecord): Promise<void> {
    await this.#compare(record)
  }

  /** Addresses of seeds at which nobody runs. */
  async missingSeeds (): Promise<readonly Address[]> {
    const { me, table, seeds } = this.core
    const isAlone = table.count(record => record !== me && record.isUp) === 0
    return seeds.missing(address => isSameAddress(address, me) || table.at(address)?.isUp === true, isAlone)
  }

  #atLeast (): number {
    const { core: { needs: { expectedNodes, isFounder }, roster } } = this
    // Once all have been seen, those who leave or are removed count no more.
    if (roster.known < expectedNodes) return expectedNodes
    // Who waits to be let in is no majority of its own.
    return isFounder || roster.hasOthers ? 1 : 2
  }

  #ping (sequence: number, node: string): Ping {
    const { name, host, port } = this.core.me
    return { kind: 'ping', sequence, node, source: { node: name, host, port }, extension: this.core.extension() }
  }

  #pingOnce (record: MemberRecord): void {
    const { clock, settings } = this.core.needs
    const began = clock.elapsed()
    const sequence = this.acks.expect({
      acked: (from, payload) => { this.#answered(record, payload, clock.elapsed() - began) },
    })
    const timer = clock.after(settings.probeInterval, () => {
      this.#pingTimers.delete(timer)
      this.acks.forget(sequence)
    })
    this.#pingTimers.add(timer)
    this.core.post.send(record, [this.#ping(sequence, record.name)], false)
  }

  #answered (record: MemberRecord, payload: Uint8Array, roundTrip: number | undefined): void {
    record.answeredAt = this.core.needs.clock.elapsed()
    if (roundTrip !== undefined) {
      record.roundTrip = roundTrip
      this.roundTrips.add(roundTrip)
      this.#roundTripTimes.record(roundTrip / 1000)
    }
    this.sight.answered(record)
    const extension = decodeExtension(payload)
    if (extension !== undefined) this.#heardExtension(record, extension)
  }

  #heardExtension (record: MemberRecord, extension: PingExtension): void {
    this.#heard.set(record, extension)
    if (this.#isRunning && this.differs(record)) this.sync.noteDifference(record)
    if (extension.whisper.length > 0) this.heardWhisper(record.name, extension.whisper)
  }

  async #compare (record: MemberRecord): Promise<void> {
    try {
      await this.core.tableExchange.compare(record, false)
    } catch (error) {
      this.core.needs.log.debug(`could not compare with node "${record.name}"`, { error })
    }
  }

  #probeTools (): ProbeTools {
    const { core } = this
    const { clock } = core.needs
    return {
      clock, acks: this.acks, table: core.table, me: core.me,
      send: (to, messages, withGossip) => { core.post.send(to, messages, withGossip) },
      ping: (sequence, node) => this.#ping(sequence, node),
      streamPing: (record, signal) => this.#streamPing(record, signal),
      answered: (record, from, payload, roundTrip) => { this.#answered(record, payload, roundTrip) },
    }
  }

  async #streamPing (record: MemberRecord, signal: AbortSignal): Promise<boolean> {
    try {
      const answer = await this.core.exchanges.ask(record, this.#ping(0, record.name), this.core.needs.settings.streamTimeout, signal)
      return answer.kind === 'ack'
    } catch {
      return false
    }
  }

  #makeProber (): Prober {
    const { core } = this
    const { random, settings, log } = core.needs
    return new Prober({
      tools: this.#tools, rules: core.rules, awareness: core.awareness, roundTrips: this.roundTrips, lag: this.lag, random, settings,
      askItself: record => { void this.#compare(record) },
      silent: () => { this.sight.doubt() },
      packetsBlocked: record => {
        this.#blocked.add(1)
        if (this.#saidBlocked) return
        this.#saidBlocked = true
        log.warn(`node "${record.name}" answers over TCP but not over UDP: open UDP port ${record.port} in both directions`)
      },
    })
  }

  #makeRedial (): Redial {
    const { core } = this
    const { settings, clock, random, log } = core.needs
    return new Redial({
      me: core.me, table: core.table, settings, clock, random, log,
      missingSeeds: () => this.missingSeeds(),
      nudge: record => { core.confront(record) },
      compare: (to, join) => join
        ? new Joiner(core).through(to, settings.redialInterval * JOIN_PATIENCE)
        : core.tableExchange.compare(to, false, settings.redialInterval),
    })
  }
}
