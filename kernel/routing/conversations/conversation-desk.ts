import { endedPicture, openPicture, type ConversationPicture } from './conversation-picture.js'
import type { ConversationVoice } from './conversation-voice.js'
import type { Conversations } from './conversations.js'
import type { Undeliverable } from '../undeliverable.js'

/** Which conversations are wanted. */
export interface ConversationQuery {
  /** Only this one, with all that is known of it. */
  readonly id?: bigint
  /** Only those in which the owner of this handle is an end. */
  readonly agent?: number
  /** Only those that follow the protocol of this name. */
  readonly protocol?: string
  /** Also those that have ended, as far as they are remembered. */
  readonly withEnded: boolean
  readonly limit: number
}

/** What a thread is to do with its conversations. */
export type ConversationOrder =
  | { readonly kind: 'list', readonly query: ConversationQuery }
  | { readonly kind: 'cancel', readonly id: bigint }
  /** Opens those of a former start again; the answer holds those that can't be. */
  | { readonly kind: 'restore', readonly pictures: readonly ConversationPicture[] }
  /** Whoever had this handle is gone for good. */
  | { readonly kind: 'depart', readonly participant: number }
  /** These participants are gone with their node, or from it. */
  | { readonly kind: 'lose', readonly participants: readonly number[], readonly code: Undeliverable }
  /** Reports whatever changed, before it answers. */
  | { readonly kind: 'settle' }

/** What changed in a thread since its last report. */
export interface ConversationReport {
  /** Open ones that are new or have changed. */
  readonly changed: readonly ConversationPicture[]
  /** Ids of those that were reported open once, and have ended. */
  readonly gone: readonly bigint[]
  /** Those that ended, when somebody watches. */
  readonly ended: readonly ConversationPicture[]
  /** How many that ended were left out because there were too many. */
  readonly skipped: number
}

/** Participants that a list shows of one conversation. */
const LISTED_BRANCHES = 8
const ALL = Infinity
/** Changed, and ended, conversations in one report. */
const REPORTED = 500

/** Answers for the conversations of one thread: what they are, what changed; and brings back those of a former start. */
export class ConversationDesk {
  #endedReported = 0
  #wasWatched = false

  /**
   * @param tick Milliseconds after which a change is reported at the latest, if there are not too many.
   * @param isWatched Whether somebody wants to see conversations that ended.
   */
  constructor (
    private readonly conversations: Conversations,
    private readonly voice: ConversationVoice,
    private readonly now: () => number,
    private readonly tick: number,
    private readonly isWatched: () => boolean,
  ) {}

  /** @param report Called to bring a report on its way. */
  obey (order: ConversationOrder, report: () => void): readonly ConversationPicture[] {
    switch (order.kind) {
      case 'list': return this.list(order.query)
      case 'cancel': return this.cancel(order.id)
      case 'restore': return this.restore(order.pictures)
      case 'depart':
        this.voice.depart(order.participant)
        return []
      case 'lose':
        this.voice.lose(order.participants, order.code)
        return []
      case 'settle':
        while (this.due < Infinity) report()
        return []
    }
  }

  /** The open ones, those first in which somebody spoke last; then those that have ended, the latest first. */
  list ({ id, ...query }: ConversationQuery): ConversationPicture[] {
    if (id !== undefined) return this.#one(id)
    const { conversations: { table, ended }, conversations } = this
    const found: ConversationPicture[] = []
    const consider = (picture: ConversationPicture): void => {
      if (matches(picture, query)) found.push({ ...picture, branches: picture.branches.slice(0, LISTED_BRANCHES) })
    }
    const branches = query.agent === undefined ? LISTED_BRANCHES : ALL
    for (let each = table.newest; each !== undefined && found.length < query.limit; each = each.older) {
      consider(openPicture(conversations, each, branches, false))
    }
    if (!query.withEnded) return found
    for (const each of ended.from(0)) {
      if (found.length >= query.limit) break
      consider(endedPicture(conversations, each, false))
    }
    return found
  }

  /** Cancels an open conversation; afterwards it is there with its new state. Nothing: it is not open. */
  cancel (id: bigint): ConversationPicture[] {
    const conversation = this.conversations.table.findId(id)
    if (conversation === undefined) return []
    this.voice.cancel(conversation)
    return this.#one(id)
  }

  /** Opens conversations of a former start again; gives back those that can't be. */
  restore (pictures: readonly ConversationPicture[]): ConversationPicture[] {
    return pictures.filter(picture => !this.#restoreOne(picture))
  }

  /** Wall-clock time at which {@link report} has something to say, or Infinity. */
  get due (): number {
    return Math.min(this.conversations.changes.since + this.tick, this.#wasWatched === this.isWatched() ? Infinity : 0)
  }

  /**
   * What changed since the last report, or undefined. Of what is left over, the next one tells.
   *
   * @param which `ripe`: what changed half a tick ago or before, so that most conversations have ended before they are mentioned.
   */
  report (which: 'ripe' | 'all'): ConversationReport | undefined {
    const { conversations: { changes }, conversations } = this
    const now = this.now()
    const ripe = which === 'all' ? now : now - this.tick / 2
    const changed = changes.takeChanged(REPORTED, ripe, now).map(each => openPicture(conversations, each, ALL, false))
    const gone = changes.takeGone()
    const { ended, skipped } = this.#newlyEnded()
    return changed.length + gone.length + ended.length === 0 ? undefined : { changed, gone, ended, skipped }
  }

  #one (id: bigint): ConversationPicture[] {
    const { conversations: { table, ended }, conversations } = this
    const conversation = table.findId(id)
    if (conversation !== undefined) return [openPicture(conversations, conversation, ALL, true)]
    for (const each of ended.from(0)) if (each.id === id) return [endedPicture(conversations, each, true)]
    return []
  }

  #newlyEnded (): { readonly ended: readonly ConversationPicture[], readonly skipped: number } {
    const { conversations: { ended }, conversations } = this
    const from = this.#endedReported
    this.#endedReported = ended.next
    const isNew = !this.#wasWatched
    this.#wasWatched = this.isWatched()
    if (isNew || !this.#wasWatched) return { ended: [], skipped: 0 }
    const news = Array.from(ended.from(Math.max(from, ended.next - REPORTED)), each => endedPicture(conversations, each, false))
    return { ended: news.reverse(), skipped: ended.next - from - news.length }
  }

  #restoreOne ({ id, protocol: name, initiator, opened, priority, branches }: ConversationPicture): boolean {
    const { conversations: { protocols }, conversations } = this
    const protocol = protocols.findIndex(table => table.protocol.name === name)
    const states = branches.map(({ state }) => protocols[protocol]?.stateNumber(state) ?? -1)
    if (protocol < 0 || states.includes(-1) || branches.length === 0) return false
    const conversation = conversations.reopen({ id, protocol, initiator, opened, priority }, this.now())
    if (conversation === undefined) return false
    for (const [index, { participant, due }] of branches.entries()) {
      conversations.rejoin(conversation, participant, states[index] ?? 0, due)
    }
    if (conversation.isOver) conversations.close(conversation, 'completed', this.now())
    return true
  }
}

const matches = ({ initiator, branches, protocol }: ConversationPicture, query: Omit<ConversationQuery, 'id'>): boolean =>
  (query.protocol === undefined || query.protocol === protocol) &&
  (query.agent === undefined || query.agent === initiator || branches.some(({ participant }) => participant === query.agent))
