import type { Clock, Logger, Random, Timer } from '../../../kernel/contract/index.js'
import type { OpenSession, ServerSession, ToolListing } from './server-session.js'

/** How a server is looked after; times in milliseconds. */
export interface LinkRules {
  readonly startTimeout: number
  readonly delay: number
  readonly delayMax: number
  /** How often it is asked for its tools when it says nothing of that itself. */
  readonly refresh: number
}

/** What {@link ServerLink} works with. */
export interface LinkParts {
  readonly name: string
  readonly open: OpenSession
  readonly rules: LinkRules
  readonly clock: Clock
  readonly random: Random
  readonly log: Logger
  /** Takes what the server says that it has. Each list is about all of its tools. */
  readonly listed: (listing: ToolListing) => Promise<void>
}

/** `asleep`: it is started when it is first wanted. */
export type LinkState = 'asleep' | 'starting' | 'ready' | 'waiting' | 'stopped'

/** Lines of a server for people that are logged in a minute. */
const LINES = 100
const MINUTE = 60_000
/** A server that ran for so long begins anew with the shortest wait. */
const STEADY = 60_000
/** Shortest time between two lists, however often the server says that something has changed. */
const LEAST_REFRESH = 1_000

/** Keeps one server connected: opens it, asks for its tools, and when it ends opens it again, later and later. */
export class ServerLink {
  state: LinkState = 'asleep'
  /** Why it is not ready, in words. */
  reason = ''
  restarts = 0
  private session: ServerSession | undefined
  private readonly stopping = new AbortController()
  private readonly waiting = new Set<() => void>()
  private running: Promise<void> = Promise.resolve()
  private timer: Timer | undefined
  private refreshTimer: Timer | undefined
  private refreshing: Promise<void> | undefined
  /** Its tools have changed since they were asked for, and whether they are asked for in a moment. */
  private isStale = false
  private isSoon = false
  private failures = 0
  private openedAt = 0
  private lines = { minute: -1, left: 0 }

  constructor (private readonly parts: LinkParts) {}

  get name (): string {
    return this.parts.name
  }

  get revision (): string {
    return this.session?.revision ?? ''
  }

  /** Starts it, if nobody has. */
  start (): void {
    if (this.state !== 'asleep') return
    this.enter('starting', '')
    this.running = this.open()
  }

  async stop (): Promise<void> {
    this.stopping.abort(new Error('the server stops'))
    this.enter('stopped', 'the server stops')
    this.timer?.cancel()
    this.refreshTimer?.cancel()
    await this.running
    await this.refreshing
    await this.session?.close()
  }

  /** The session, when it begins for the first time after a short wait; undefined while there is none. Starts a server that is asleep. */
  async ready (signal: AbortSignal): Promise<ServerSession | undefined> {
    this.start()
    while (this.state === 'starting' && !signal.aborted) {
      await new Promise<void>(resolve => {
        const go = (): void => {
          this.waiting.delete(go)
          signal.removeEventListener('abort', go)
          resolve()
        }
        this.waiting.add(go)
        signal.addEventListener('abort', go)
      })
    }
    return this.state === 'ready' ? this.session : undefined
  }

  /** Somebody found that the session leads nowhere. */
  lost (session: ServerSession, reason: string): void {
    if (this.session !== session) return
    this.session = undefined
    this.isSoon = false
    this.refreshTimer?.cancel()
    this.running = session.close()
    this.later(reason)
  }

  private async open (): Promise<void> {
    const { parts: { open, clock, rules, listed } } = this
    const limit = new AbortController()
    const timer = clock.after(rules.startTimeout, () => { limit.abort(new Error(`it did not answer within ${rules.startTimeout} ms`)) })
    const signal = AbortSignal.any([limit.signal, this.stopping.signal])
    let session: ServerSession | undefined
    let hasEnded = false
    try {
      session = await open({
        closed: () => {
          hasEnded = true
          if (session !== undefined) this.lost(session, 'it ended')
        },
        changed: () => { this.refreshSoon() },
        said: line => { this.say(line) },
      }, signal)
      const listing = await session.list(signal)
      if (hasEnded) throw new Error('it ended while it started')
      await listed(listing)
      signal.throwIfAborted()
      this.opened(session, listing)
    } catch (error) {
      await session?.close()
      this.later(signal.aborted ? reasonOf(signal.reason) : reasonOf(error))
    } finally {
      timer.cancel()
    }
  }

  private opened (session: ServerSession, listing: ToolListing): void {
    const { clock, log, name } = this.parts
    this.session = session
    this.openedAt = clock.elapsed()
    this.enter('ready', '')
    this.report(listing)
    log.info('a tool server is ready', { server: name, tools: listing.tools.length, revision: session.revision })
    this.refreshLater(listing)
    if (this.isStale) this.refreshSoon()
  }

  /** Tries again after a while: the longer the more often it failed. */
  private later (reason: string): void {
    if (this.stopping.signal.aborted) return
    const { clock, random, rules, log, name } = this.parts
    if (this.state === 'ready' && clock.elapsed() - this.openedAt >= STEADY) this.failures = 0
    const delay = Math.min(rules.delayMax, rules.delay * 2 ** Math.min(this.failures, 30)) * (0.75 + random.fraction() / 4)
    this.failures += 1
    this.restarts += 1
    this.enter('waiting', reason)
    log.warn('a tool server is not there', { server: name, reason, 'again in': `${Math.round(delay)} ms` })
    this.timer = clock.after(delay, () => {
      this.enter('starting', reason)
      this.running = this.running.then(() => this.open())
    })
  }

  private refreshLater ({ holds }: ToolListing): void {
    const { clock, rules } = this.parts
    this.refreshTimer?.cancel()
    this.refreshTimer = clock.after(Math.max(holds ?? rules.refresh, LEAST_REFRESH), () => { this.refresh() })
  }

  private refreshSoon (): void {
    this.isStale = true
    if (this.session === undefined || this.refreshing !== undefined || this.isSoon) return
    this.isSoon = true
    this.refreshTimer?.cancel()
    this.refreshTimer = this.parts.clock.after(LEAST_REFRESH, () => { this.refresh() })
  }

  private refresh (): void {
    const { session } = this
    this.isSoon = false
    if (session === undefined || this.refreshing !== undefined) return
    this.isStale = false
    this.refreshing = this.listAgain(session).finally(() => { this.refreshing = undefined }).then(() => {
      if (this.isStale) this.refreshSoon()
    })
  }

  private async listAgain (session: ServerSession): Promise<void> {
    const { clock, rules, listed } = this.parts
    const limit = new AbortController()
    const timer = clock.after(rules.startTimeout, () => { limit.abort(new Error('it did not list its tools in time')) })
    const signal = AbortSignal.any([limit.signal, this.stopping.signal])
    try {
      const listing = await session.list(signal)
      await listed(listing)
      if (this.session !== session) return
      this.report(listing)
      this.refreshLater(listing)
    } catch (error) {
      this.lost(session, signal.aborted ? reasonOf(signal.reason) : reasonOf(error))
    } finally {
      timer.cancel()
    }
  }

  private report ({ problems }: ToolListing): void {
    for (const problem of problems.slice(0, 10)) this.parts.log.warn('not all of a tool server can be used', { server: this.name, problem })
  }

  private say (line: string): void {
    const { clock, log, name } = this.parts
    const minute = Math.floor(clock.elapsed() / MINUTE)
    if (this.lines.minute !== minute) this.lines = { minute, left: LINES }
    if (this.lines.left-- > 0) log.debug('a tool server says', { server: name, line })
  }

  private enter (state: LinkState, reason: string): void {
    if (this.state === 'stopped') return
    this.state = state
    this.reason = reason
    if (state !== 'starting') for (const go of this.waiting) go()
  }
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error)).slice(0, 500)
