import type { Change, Clock, Logger, Random, Store } from '../../contract/index.js'
import type { ConversationStates, JointStates } from '../conversations/conversation-keeper.js'
import type { Directory } from '../directory/directory.js'
import type { Post } from '../post.js'
import type { RingWriter } from '../frames/ring.js'
import type { RouteTable } from '../directory/route-table.js'
import { DeliveryKeys, type KeyRules } from './delivery-keys.js'
import { DurableAcceptance } from './durable-acceptance.js'
import { DoneNotices } from './done-notices.js'
import { DurableDelivery } from './durable-delivery.js'
import type { DurableIntake } from './durable-intake.js'
import { DurableJournal } from './durable-journal.js'
import { DurableWorks, type Work } from './durable-works.js'
import type { DurableWays } from './durable-ways.js'
import type { DurableArrivals } from '../remote/remote-post-parts.js'
import { KeptArrivals } from './kept-arrivals.js'
import { KeptMessages } from './kept-messages.js'
import type { RetryRules } from './retry-rules.js'
import { viewOf } from '../frames/frame.js'

/** What durable delivery needs of the store and of the agents. */
export interface DurableBasis {
  readonly store: Store
  readonly retries: RetryRules
  readonly keys: KeyRules
  /** The change that keeps an agent's state. */
  readonly stateChange: (name: string, state: Uint8Array) => Change
  /** The changes that keep the states of conversations. */
  readonly conversations: (states: ConversationStates) => JointStates
  /** An agent's work was kept. Must not block. */
  readonly worked: (work: Work) => void
}

/** What {@link DurableMessages} works with. */
export interface DurableMessagesParts extends DurableBasis {
  readonly post: Post
  readonly intake: DurableIntake
  readonly directory: Directory
  readonly routes: RouteTable
  readonly writers: ReadonlyArray<RingWriter | undefined>
  readonly clock: Clock
  readonly random: Random
  readonly log: Logger
}

/** Puts together everything that keeps messages until they are handled, and owns its life. Main thread only. */
export class DurableMessages {
  readonly delivery: DurableDelivery
  readonly works: DurableWorks
  readonly acceptance: DurableAcceptance
  /** Takes durable messages from other nodes. */
  readonly arrivals: DurableArrivals
  readonly #journal: DurableJournal
  readonly #keys: DeliveryKeys

  constructor (private readonly parts: DurableMessagesParts) {
    const { store, post, directory } = parts
    const kept = new KeptMessages(store)
    const journal = this.#journal = new DurableJournal(store)
    const keys = this.#keys = new DeliveryKeys(store, parts.clock, parts.keys)
    const ways: DurableWays = {
      forward: frame => post.forward(frame),
      confirm: (frame, word) => post.platform.confirm(frame, viewOf(frame), 0, frame.length, word),
      duplicate: (frame, first) => post.platform.duplicate(frame, first),
      giveUp: (frame, reason) => post.bounce(frame, viewOf(frame), 0, frame.length, reason),
    }
    const notices = new DoneNotices()
    const delivery = this.delivery = new DurableDelivery({ ...parts, kept, keys, journal, ways, notices })
    const acceptance = this.acceptance = new DurableAcceptance({ kept, keys, journal, ways, directory, delivery })
    this.works = new DurableWorks({ ...parts, acceptance, journal, ways, delivery })
    this.arrivals = new KeptArrivals({ kept, keys, journal, delivery, notices })
  }

  /** Finds what an earlier process left. Called when the store's collections are there, before agents run. */
  async open (): Promise<void> {
    const { intake, directory } = this.parts
    await this.delivery.open()
    await this.#keys.open()
    intake.accept = frame => this.acceptance.accept(frame)
    directory.beganToRun = name => this.delivery.available(name)
  }

  /** Resolves when everything that agents and senders handed over so far is kept, or is known not to be. */
  settle (): Promise<void> {
    return this.#journal.flush()
  }

  /** Nothing goes out any more; resolves when what was accepted is on disk. */
  async close (): Promise<void> {
    this.delivery.stop()
    await this.settle()
  }
}
