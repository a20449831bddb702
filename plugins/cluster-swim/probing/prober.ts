import type { Random, Timer } from '../../../kernel/contract/index.js'
import type { Awareness } from '../members/awareness.js'
import type { MemberRecord } from '../members/member-record.js'
import type { MemberRules } from '../members/member-rules.js'
import type { SwimSettings } from '../settings.js'
import type { LoopLag } from './loop-lag.js'
import { Probe, type ProbeResult, type ProbeTimes, type ProbeTools } from './probe.js'
import type { RoundTrips } from './round-trips.js'

/** How often a suspicion is prolonged while this node hears nobody else either. */
const REPRIEVES = 4
/** The same while this process stands still itself. */
const LATE_REPRIEVES = 12
/** How often in a row the silence of one node may be laid to this process. */
const EXCUSES = 6
/** How long an operator's ping waits. */
const PING_WAIT = 2000

/** What probing needs besides the tools of one probe. */
export interface ProberParts {
  readonly tools: ProbeTools
  readonly rules: MemberRules
  readonly awareness: Awareness
  readonly roundTrips: RoundTrips
  readonly lag: LoopLag
  readonly random: Random
  readonly settings: SwimSettings
  /** A node that was to be buried answers: what it is has to be learnt from itself. */
  askItself (record: MemberRecord): void
  /** A whole probe failed. */
  silent (): void
  /** A probe was answered in this way. */
  heard (record: MemberRecord, way: ProbeResult['way']): void
}

/** Probes one node after the other, in turn, and whoever is doubted (memberlist §6.6, with Lifeguard). */
export class Prober {
  #timer: Timer | undefined
  #inTurn: Probe | undefined
  readonly #outOfTurn = new Map<string, Probe>()
  /** How often in a row a node's silence was laid to this process. */
  readonly #excused = new Map<string, number>()

  constructor (private readonly parts: ProberParts) {}

  start (): void {
    this.#again(this.parts.settings.probeInterval * this.parts.random.fraction())
  }

  stop (): void {
    this.#timer?.cancel()
    this.#inTurn?.cancel()
    for (const probe of this.#outOfTurn.values()) probe.cancel()
    this.#outOfTurn.clear()
    this.#excused.clear()
  }

  /** Probes this node at once, unless that is being done. */
  doubt (record: MemberRecord): void {
    if (record === this.parts.tools.me || record.state !== 'alive') return
    this.#probeOutOfTurn(record, this.#times(), (probe, result) => { this.#judge(probe, result) })
  }

  /** The packet did not get out: there is no need to wait for an answer. */
  unreachable (record: MemberRecord): void {
    const running = this.#inTurn?.target === record ? this.#inTurn : this.#outOfTurn.get(record.name)
    if (running !== undefined) running.askForHelp()
    else this.doubt(record)
  }

  /** A suspicion is over: buries the node unless it answers somebody now. */
  finalCheck (record: MemberRecord): void {
    const { suspicion } = record
    if (suspicion === undefined) return
    const { settings } = this.parts
    const end = settings.probeInterval
    this.#outOfTurn.get(record.name)?.cancel()
    this.#outOfTurn.delete(record.name)
    this.#probeOutOfTurn(record, { help: 0, end, helpers: settings.indirectProbes * 2 }, (probe, { way, askedHelpers, silentHelpers }) => {
      if (record.suspicion !== suspicion) return
      // Where nobody else is heard either, it is more likely this node that is cut off. That has time: it is known by other ways.
      const isAlone = askedHelpers > 0 && silentHelpers === askedHelpers && suspicion.extensions < REPRIEVES
      const isLate = this.parts.lag.wasLateSince(probe.began) && suspicion.extensions < LATE_REPRIEVES
      if (way === 'none' && !isAlone && !isLate) {
        this.parts.rules.bury(record)
        return
      }
      suspicion.extend(way === 'none' && !isAlone ? end : settings.suspicionMin)
      if (way !== 'none') this.parts.askItself(record)
    })
  }

  /** One ping; resolves to its round trip, or to undefined after `waited` milliseconds. Rejects with the signal's reason. */
  ping (record: MemberRecord, signal: AbortSignal): Promise<{ readonly roundTrip: number | undefined, readonly waited: number }> {
    const { tools } = this.parts
    const { clock, acks } = tools
    const began = clock.elapsed()
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        acks.forget(sequence)
        timer.cancel()
        signal.removeEventListener('abort', aborted)
      }
      const finish = (roundTrip: number | undefined): void => {
        leave()
        resolve({ roundTrip, waited: PING_WAIT })
      }
      const aborted = (): void => {
        leave()
        reject(signal.reason instanceof Error ? signal.reason : new Error('aborted'))
      }
      const sequence = acks.expect({
        acked: (from, payload) => {
          const roundTrip = clock.elapsed() - began
          tools.answered(record, from, payload, roundTrip)
          finish(roundTrip)
        },
      })
      const timer = clock.after(PING_WAIT, () => { finish(undefined) })
      signal.addEventListener('abort', aborted)
      if (signal.aborted) aborted()
      else tools.send(record, [tools.ping(sequence, record.name)], false)
    })
  }

  #again (wait: number): void {
    this.#timer = this.parts.tools.clock.after(wait, () => {
      this.#again(this.parts.settings.probeInterval)
      this.#turn()
    })
  }

  #turn (): void {
    if (this.#inTurn !== undefined) return
    const { tools } = this.parts
    const target = tools.table.nextToProbe(record => record !== tools.me && record.isUp)
    if (target === undefined) return
    const probe = new Probe(target, tools, result => {
      this.#inTurn = undefined
      this.#judge(probe, result)
    })
    this.#inTurn = probe
    probe.start(this.#times())
  }

  #probeOutOfTurn (record: MemberRecord, times: ProbeTimes, done: (probe: Probe, result: ProbeResult) => void): void {
    if (this.#outOfTurn.has(record.name)) return
    const probe = new Probe(record, this.parts.tools, result => {
      this.#outOfTurn.delete(record.name)
      done(probe, result)
    })
    this.#outOfTurn.set(record.name, probe)
    probe.start(times)
  }

  /**
   * Whether a silence may be this process's own fault, because it stood still: then the node is probed anew. A process that is always
   * late has to believe its ears at some time, or it would never notice a death.
   */
  #isExcused (probe: Probe): boolean {
    const { target } = probe
    const times = this.#excused.get(target.name) ?? 0
    if (times >= EXCUSES || !this.parts.lag.wasLateSince(probe.began)) {
      this.#excused.delete(target.name)
      return false
    }
    this.#excused.set(target.name, times + 1)
    this.parts.awareness.add(1)
    this.doubt(target)
    return true
  }

  /** Who hears badly waits longer, for the direct answer too. */
  #times (): ProbeTimes {
    const { awareness, roundTrips, settings } = this.parts
    const end = awareness.scale(settings.probeInterval)
    return { help: Math.min(awareness.scale(roundTrips.timeout), end / 2), end, helpers: settings.indirectProbes }
  }

  #judge (probe: Probe, { way, askedHelpers, silentHelpers }: ProbeResult): void {
    const { parts } = this
    const { target } = probe
    if (way !== 'none') {
      this.#excused.delete(target.name)
      parts.awareness.add(-1)
      parts.heard(target, way)
      return
    }
    if (this.#isExcused(probe)) return
    parts.awareness.add(askedHelpers > 0 ? silentHelpers : 1)
    parts.silent()
    const { name: node, incarnation } = target
    if (target.isUp) parts.rules.suspect({ kind: 'suspect', node, incarnation, from: parts.tools.me.name })
  }
}
