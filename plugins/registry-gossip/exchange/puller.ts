import { PeerUnreachable, type Clock, type PeerChannel, type Random } from '../../../kernel/contract/index.js'
import type { Head, Owner } from '../records/owner.js'
import type { RegistryMeter } from '../registry-meter.js'
import { pullMessage, readMessage, type RegistryMessage } from '../wire/registry-messages.js'
import type { LogIntake } from './log-intake.js'
import type { Neighbours } from './neighbours.js'

/** Most nodes whose logs are fetched at once. */
const MOST_PULLS = 16
/** Most nodes that are remembered to know of the same news. */
const MOST_SOURCES = 8
/** So often what comes may be wrong before it is left to the next who tells of it. */
const MOST_WRONG = 2
/** How long a node that did not answer is not asked first for its own log, in milliseconds. */
const SHUN = 10_000

export interface PullSettings {
  /** Milliseconds until a question that is not answered is put to somebody else. */
  readonly timeout: number
  /** Most snapshots at once. */
  readonly snapshots: number
}

/** News of a node that are to be fetched. */
interface Want {
  readonly owner: Owner
  head: Head
  /** Who has it, latest last. */
  sources: string[]
  /** Whether only a snapshot will do. */
  isLarge: boolean
  isRunning: boolean
  /** How often what came was wrong. */
  wrong: number
}

/** Fetches what is missing from whoever has it. */
export class Puller {
  readonly #wants = new Map<string, Want>()
  /** What was heard of and is not here yet, and since when it is not. */
  readonly #missed = new Map<Owner, { head: Head, readonly since: number }>()
  readonly #asking = new Set<AbortController>()
  #isRunning = false

  constructor (
    private readonly intake: LogIntake, private readonly neighbours: Neighbours, private readonly channel: PeerChannel,
    private readonly clock: Clock, private readonly random: Random, private readonly settings: PullSettings,
    private readonly meter: RegistryMeter,
  ) {}

  start (): void {
    this.#isRunning = true
  }

  stop (): void {
    this.#isRunning = false
    this.#wants.clear()
    for (const controller of this.#asking) controller.abort()
  }

  /** Somebody knows of news. */
  want (owner: Owner, head: Head, source: string, isLarge = false): void {
    if (!this.#isRunning) return
    this.#miss(owner, head)
    let want = this.#wants.get(owner.nodeId)
    if (!want) this.#wants.set(owner.nodeId, want = { owner, head, sources: [], isLarge: false, isRunning: false, wrong: 0 })
    if (head.epoch > want.head.epoch || (head.epoch === want.head.epoch && head.sequence >= want.head.sequence)) want.head = head
    want.sources = [...want.sources.filter(each => each !== source), source].slice(-MOST_SOURCES)
    want.isLarge ||= isLarge
    this.#pump()
  }

  /** Drops whatever was wanted of a node. */
  forget (owner: Owner): void {
    this.#wants.delete(owner.nodeId)
    this.#missed.delete(owner)
  }

  /** The node itself says that nothing of it is missing. */
  acquit (owner: Owner): void {
    this.#missed.delete(owner)
  }

  /** Living nodes of which something has been missing for so many milliseconds. */
  missing (milliseconds: number): string[] {
    const until = this.clock.elapsed() - milliseconds
    for (const [owner, { head }] of this.#missed) if (!owner.isBehind(head)) this.#missed.delete(owner)
    const late = [...this.#missed].filter(([, { since }]) => since <= until).map(([{ nodeId }]) => nodeId)
    return late.filter(nodeId => this.neighbours.isAlive(nodeId))
  }

  #miss (owner: Owner, head: Head): void {
    const missed = this.#missed.get(owner)
    if (missed && owner.isBehind(missed.head)) missed.head = head
    else this.#missed.set(owner, { head, since: this.clock.elapsed() })
  }

  #pump (): void {
    const wants = [...this.#wants.values()]
    const running = wants.filter(({ isRunning }) => isRunning)
    let free = MOST_PULLS - running.length
    let freeLarge = this.settings.snapshots - running.filter(({ isLarge }) => isLarge).length
    for (const want of wants.filter(({ isRunning }) => !isRunning).toSorted(byUrgency)) {
      if (free <= 0) return
      if (want.isLarge && freeLarge <= 0) continue
      free -= 1
      if (want.isLarge) freeLarge -= 1
      want.isRunning = true
      void this.#run(want)
    }
  }

  async #run (want: Want): Promise<void> {
    const wasLarge = want.isLarge
    const isDone = wasLarge ? await this.#loadSnapshot(want) : await this.#readLog(want)
    want.isRunning = false
    if (!this.#isWanted(want)) return
    const isThere = !want.owner.isBehind(want.head) && !(want.isLarge && isDone)
    if (isThere) this.#settled(want)
    const isHopeless = (!isDone && want.sources.length === 0) || want.wrong > MOST_WRONG
    // Whatever needs a further part, a snapshot after all, or another source, waits for its turn again.
    if (isThere || isHopeless) this.#wants.delete(want.owner.nodeId)
    this.#pump()
  }

  #isWanted (want: Want): boolean {
    return this.#isRunning && this.#wants.get(want.owner.nodeId) === want
  }

  #settled ({ owner }: Want): void {
    const missed = this.#missed.get(owner)
    if (!missed) return
    this.#missed.delete(owner)
    this.meter.caughtUp(this.clock.elapsed() - missed.since)
  }

  /** True if something came of it. */
  async #readLog (want: Want): Promise<boolean> {
    const { owner } = want
    const source = this.#source(want, false)
    const { epoch, tail: { last: from } } = owner
    const answer = await this.#ask(want, source, epoch, from, -1)
    if (answer?.kind === 'too-old') {
      want.isLarge = true
      return true
    }
    if (!this.#isWanted(want)) return false
    const part = answer?.kind === 'part' && answer.part.nodeId === owner.nodeId ? answer.part : undefined
    const intake = part && this.intake.part(owner, part)
    this.meter.pulled('log', intake)
    if (part) this.meter.received(part.entries.length)
    if (intake === 'wrong') {
      want.isLarge = true
      want.wrong += 1
    }
    if (intake === 'taken') owner.heardAt = this.clock.now()
    if (intake === 'taken' || intake === 'wrong') return true
    this.#giveUp(want, source)
    return false
  }

  async #loadSnapshot (want: Want): Promise<boolean> {
    const { owner } = want
    const source = this.#source(want, true)
    const load = this.intake.load(owner)
    let next: number | 'done' | 'lost' = 0
    while (typeof next === 'number') {
      const answer = await this.#ask(want, source, 0, 0, next)
      const snapshot = answer?.kind === 'snapshot' && answer.snapshot.head.nodeId === owner.nodeId ? answer.snapshot : undefined
      if (snapshot) this.meter.received(snapshot.entries.length)
      next = snapshot && this.#isWanted(want) ? load.take(snapshot, next) : load.end('lost')
    }
    this.meter.pulled('snapshot', next)
    if (next === 'lost') {
      this.#giveUp(want, source)
      return false
    }
    owner.heardAt = this.clock.now()
    want.isLarge = false
    return true
  }

  /** Snapshots come from the owner itself if it can be reached, so that newcomers don't all ask the same node. */
  #source ({ owner, sources }: Want, isLarge: boolean): string {
    const { nodeId } = owner
    const isBest = sources.includes(nodeId) || (isLarge && owner.shunnedUntil <= this.clock.elapsed())
    if (isBest && this.neighbours.isAlive(nodeId)) return nodeId
    return sources[Math.floor(this.random.fraction() * sources.length)] ?? nodeId
  }

  #giveUp (want: Want, source: string): void {
    want.sources = want.sources.filter(each => each !== source)
    if (source === want.owner.nodeId) want.owner.shunnedUntil = this.clock.elapsed() + SHUN
  }

  async #ask ({ owner: { nodeId } }: Want, source: string, epoch: number, from: number, cursor: number):
  Promise<RegistryMessage | undefined> {
    const controller = new AbortController()
    this.#asking.add(controller)
    const refusal = PeerUnreachable({ nodeId: source, reason: `it did not answer within ${this.settings.timeout} ms` })
    const timer = this.clock.after(this.settings.timeout, () => { controller.abort(refusal) })
    try {
      return readMessage(await this.channel.ask(source, pullMessage({ nodeId, epoch, from, cursor }), controller.signal))
    } catch (error) {
      this.meter.unanswered(source, error)
      return undefined
    } finally {
      timer.cancel()
      this.#asking.delete(controller)
    }
  }
}

/** Nodes of which nothing is known come first, the smallest of them before the others; then what the owner itself told. */
function byUrgency (one: Want, other: Want): number {
  const rank = ({ owner, sources }: Want): number => owner.epoch === 0 ? 0 : sources.includes(owner.nodeId) ? 1 : 2
  const difference = rank(one) - rank(other)
  return difference === 0 && one.owner.epoch === 0 ? one.head.count - other.head.count : difference
}
