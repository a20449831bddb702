import type { Undeliverable } from '../../routing/undeliverable.js'
import type { Clock, Logger, Store } from '../../contract/index.js'
import type { ConversationOrder, ConversationReport } from '../../routing/conversations/conversation-desk.js'
import { ConversationKeeper, type ConversationStates, type JointStates } from '../../routing/conversations/conversation-keeper.js'
import { ConversationOffice } from '../../routing/conversations/conversation-office.js'
import type { ConversationPicture } from '../../routing/conversations/conversation-picture.js'
import { ConversationWatch } from '../../routing/conversations/conversation-watch.js'
import type { Directory } from '../../routing/directory/directory.js'
import { homeOfKey, idOfKey, keyOfConversation, type KeptConversation } from '../../routing/conversations/kept-conversation.js'
import { CONDITION, MAIN_PLACE, PLATFORM_HANDLE, type RouteTable } from '../../routing/directory/route-table.js'
import type { ShardPool } from '../shards/shard-pool.js'
import type { MainThread } from './main-thread.js'

/** Conversations in one order to open them again. */
const ORDERS = 1_000

/** What the hosting of conversations works with. */
export interface ConversationHostingParts {
  readonly store: Store
  readonly clock: Clock
  readonly log: Logger
  readonly directory: Directory
  readonly routes: RouteTable
  readonly pool: Pick<ShardPool, 'links' | 'link' | 'tapConversations'>
  readonly main: Pick<MainThread, 'desk' | 'voice' | 'report' | 'callers'>
}

/**
 * The conversations of all threads as the server sees them: answers for them, shows their changes, keeps their latest
 * states, and opens them again after a crash, or ends them where that can't be.
 */
export class ConversationHosting {
  readonly office: ConversationOffice
  readonly watch: ConversationWatch
  readonly #keeper: ConversationKeeper

  constructor (private readonly parts: ConversationHostingParts) {
    const { store, clock, log, directory, pool } = parts
    const nameOf = (handle: number): string | undefined => directory.name(handle)
    this.#keeper = new ConversationKeeper(store, clock, log, nameOf)
    this.watch = new ConversationWatch(nameOf, wanted => pool.tapConversations(wanted))
    this.office = new ConversationOffice({
      directory,
      places: [MAIN_PLACE, ...pool.links.map((_, shard) => shard + 1)],
      order: (place, order) => this.#order(place, order),
    })
  }

  /** Takes what changed in a thread. */
  heed (report: ConversationReport): void {
    this.#keeper.keep(report)
    this.watch.show(report)
  }

  /** An agent is gone for good. A thread that is not there knows of no conversation. */
  depart (participant: number): void {
    this.#tellAll({ kind: 'depart', participant })
  }

  /** These agents are gone with their node, or from it: nothing more comes from them in any conversation. */
  lose (participants: readonly number[], code: Undeliverable): void {
    this.parts.main.callers.lose(participants, code)
    this.#tellAll({ kind: 'lose', participants, code })
  }

  #tellAll (order: ConversationOrder): void {
    const { main, pool } = this.parts
    main.desk.obey(order, main.report)
    for (const link of pool.links) link.conversations(order).catch(() => {})
  }

  /** For states that are kept in a commit with others. */
  join (states: ConversationStates): JointStates {
    return this.#keeper.join(states)
  }

  /** By name, the shard in which an agent must come back because conversations live there that it began. */
  async homes (): Promise<ReadonlyMap<string, number>> {
    const homes = new Map<string, number>()
    for await (const [key, { initiator }] of this.#keeper.kept()) {
      const place = homeOfKey(key)
      if (place !== MAIN_PLACE) homes.set(initiator, place - 1)
    }
    return homes
  }

  /**
   * Opens kept conversations again whose initiators run where they must; of others, such as those of callers, the
   * participants hear that the initiator is gone. `home`: only those of one thread. Called before the thread takes
   * messages.
   */
  async restore (home?: number): Promise<void> {
    await this.#keeper.flush()
    const pictures = new Map<number, ConversationPicture[]>()
    let lost = 0
    for await (const [key, kept] of this.#keeper.kept(home)) {
      const picture = this.#picture(key, kept)
      const place = homeOfKey(key)
      if (!this.#isAt(picture.initiator, place)) {
        this.#lose(key, picture)
        lost += 1
        continue
      }
      const gathered = pictures.get(place) ?? []
      gathered.push(picture)
      pictures.set(place, gathered)
    }
    let restored = 0
    for (const [place, all] of pictures) {
      for (let first = 0; first < all.length; first += ORDERS) {
        const some = all.slice(first, first + ORDERS)
        const refused = await this.#order(place, { kind: 'restore', pictures: some })
        for (const picture of refused) this.#lose(keyOfConversation(picture.id), picture)
        restored += some.length - refused.length
        lost += refused.length
      }
    }
    if (restored + lost > 0) this.parts.log.info('conversations of the former start', { open: restored, ended: lost })
  }

  /** Writes the latest states of all that are open. Called while the shards and the store still run. */
  async settle (): Promise<void> {
    const { pool, main } = this.parts
    main.report()
    await Promise.allSettled(pool.links.map(link => link.conversations({ kind: 'settle' })))
    await this.#keeper.flush()
  }

  async #order (place: number, order: ConversationOrder): Promise<readonly ConversationPicture[]> {
    const { main, pool } = this.parts
    return place === MAIN_PLACE ? main.desk.obey(order, main.report) : pool.link(place - 1).conversations(order)
  }

  #isAt (initiator: number, place: number): boolean {
    const { routes } = this.parts
    return place !== MAIN_PLACE && initiator !== PLATFORM_HANDLE &&
      routes.place(initiator) === place && routes.condition(initiator) === CONDITION.running
  }

  /** Participants that are there no more have no handle; their deadlines speak for them. */
  #picture (key: string, { protocol, initiator, priority, opened, participants }: KeptConversation): ConversationPicture {
    const handle = (name: string): number => this.parts.directory.address(name)?.handle ?? PLATFORM_HANDLE
    return {
      id: idOfKey(key), protocol, priority, opened,
      initiator: handle(initiator),
      active: opened, end: undefined,
      branches: participants.map(({ name, state, isOver, due }) => ({ participant: handle(name), state, isOver, due })),
      participants: participants.length,
      transcript: [],
    }
  }

  #lose (key: string, { id, protocol, priority, initiator, branches }: ConversationPicture): void {
    const waiting = branches.filter(({ isOver, participant }) => !isOver && participant !== PLATFORM_HANDLE)
    const about = { id, protocol: protocol === '' ? undefined : protocol, priority }
    this.parts.main.voice.tellLost(about, initiator, waiting.map(({ participant }) => participant))
    this.#keeper.forget(key)
  }
}
