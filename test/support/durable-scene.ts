import { DELIVERY, FRAME, type Delivery, type Store } from '../../kernel/contract/index.js'
import { ConversationKeeper, KEPT_CONVERSATIONS } from '../../kernel/routing/conversations/conversation-keeper.js'
import { CONDITION, RouteTable, routeTableBuffer } from '../../kernel/routing/directory/route-table.js'
import { Directory } from '../../kernel/routing/directory/directory.js'
import { DELIVERY_KEYS, DeliveryKeys } from '../../kernel/routing/durable/delivery-keys.js'
import { DurableAcceptance } from '../../kernel/routing/durable/durable-acceptance.js'
import { DoneNotices } from '../../kernel/routing/durable/done-notices.js'
import { KeptArrivals } from '../../kernel/routing/durable/kept-arrivals.js'
import { DurableDelivery } from '../../kernel/routing/durable/durable-delivery.js'
import { DurableJournal } from '../../kernel/routing/durable/durable-journal.js'
import { DurableWorks, TIMERS, type Work } from '../../kernel/routing/durable/durable-works.js'
import type { Held } from '../../kernel/routing/durable/durable-inbox.js'
import { INBOX, KeptMessages } from '../../kernel/routing/durable/kept-messages.js'
import { encodeFrame, viewOf, type Address } from '../../kernel/routing/frames/frame.js'
import { ringBuffer, RingReader, RingWriter } from '../../kernel/routing/frames/ring.js'
import type { ReceiptWord } from '../../kernel/routing/platform-answers.js'
import { UNDELIVERABLE, type Undeliverable } from '../../kernel/routing/undeliverable.js'
import { MoodyStore } from './moody-store.js'
import { RecordingLogger } from './recording-logger.js'
import { SeededRandom } from './seeded-random.js'
import { settled, VirtualClock } from './virtual-clock.js'

/** The collection in which a scene keeps the states of agents. */
export const STATES = 'states'
const PLACE = 1
const KEY_RULES = { window: 60_000, most: 5 }

/** How a message of a scene is sent. */
interface FrameTerms {
  readonly from?: Address
  readonly delivery?: Delivery
  readonly conversation?: bigint
  readonly deliveryKey?: string
}

/** A message in memory. */
export const heldOf = (key: string, flow = '0 0 a', bytes: number = FRAME.headerBytes): Held => ({
  key, flow, sender: 'a', frame: new Uint8Array(bytes), attempts: 0, redelivered: false,
})

/** Durable delivery of the main thread to agents in one shard, in virtual time, over a store in memory. */
export class DurableScene {
  readonly clock = new VirtualClock()
  readonly log = new RecordingLogger()
  readonly routes = new RouteTable(routeTableBuffer())
  readonly directory = new Directory(this.routes, () => {})
  readonly sent: Uint8Array[] = []
  /** What senders heard: `accepted TEXT`, `handled TEXT`. */
  readonly confirmed: string[] = []
  /** What came again: `TEXT of CONVERSATION`. */
  readonly duplicates: string[] = []
  readonly givenUp: Array<readonly [content: string, reason: Undeliverable]> = []
  readonly worked: Work[] = []
  /** Why nothing can be handed over, if so. */
  refusal: Undeliverable | undefined
  readonly kept: KeptMessages
  readonly journal: DurableJournal
  readonly keys: DeliveryKeys
  readonly delivery: DurableDelivery
  readonly acceptance: DurableAcceptance
  readonly works: DurableWorks
  readonly conversations: ConversationKeeper
  readonly reader: RingReader
  readonly store: Store
  readonly notices = new DoneNotices()
  readonly arrivals: KeptArrivals

  constructor (readonly moody = new MoodyStore(), retries = 2) {
    const store = this.store = moody.asStore
    const buffer = ringBuffer(2 ** 20)
    const writer = new RingWriter(buffer)
    this.reader = new RingReader(buffer)
    this.kept = new KeptMessages(store)
    this.journal = new DurableJournal(store)
    this.keys = new DeliveryKeys(store, this.clock, KEY_RULES)
    const parts = {
      kept: this.kept, keys: this.keys, notices: this.notices, journal: this.journal, directory: this.directory,
      routes: this.routes, clock: this.clock, log: this.log,
      random: new SeededRandom(1), writers: [undefined, writer],
      retries: { retries, delay: 100, delayMax: 1_000 },
      ways: {
        forward: (frame: Uint8Array) => {
          if (this.refusal !== undefined) return this.refusal
          this.sent.push(frame.slice())
          writer.bytes.set(frame, writer.reserve(frame.length))
          writer.publish()
          return undefined
        },
        confirm: (frame: Uint8Array, word: ReceiptWord) => { this.confirmed.push(`${word} ${textIn(frame)}`) },
        duplicate: (frame: Uint8Array, first: bigint) => { this.duplicates.push(`${textIn(frame)} of ${first}`) },
        giveUp: (frame: Uint8Array, reason: Undeliverable) => { this.givenUp.push([textIn(frame), reason]) },
      },
    }
    this.delivery = new DurableDelivery(parts)
    this.arrivals = new KeptArrivals({ ...parts, delivery: this.delivery })
    this.acceptance = new DurableAcceptance({ ...parts, delivery: this.delivery })
    this.conversations = new ConversationKeeper(store, this.clock, this.log, handle => this.directory.name(handle))
    this.works = new DurableWorks({
      ...parts, delivery: this.delivery, acceptance: this.acceptance,
      stateChange: (key, value) => ({ put: STATES, key, value }),
      conversations: states => this.conversations.join(states),
      worked: work => { this.worked.push(work) },
    })
    this.directory.beganToRun = name => this.delivery.available(name)
  }

  /** A scene over a store with its collections. */
  static async open (moody = new MoodyStore(), retries = 2): Promise<DurableScene> {
    const scene = new DurableScene(moody, retries)
    await scene.store.migrate([{ version: 1, summary: 'a test', creates: [INBOX, TIMERS, STATES, DELIVERY_KEYS, KEPT_CONVERSATIONS] }])
    await scene.delivery.open()
    await scene.keys.open()
    return scene
  }

  /** An agent comes into being, and runs unless it is to be stopped. */
  agent (name: string, runs = true): Address {
    const address = this.directory.address(name) ?? this.directory.enter(name)
    if (address === undefined) throw new Error('there are too many agents')
    this.directory.place(address.handle, PLACE, 0, runs ? CONDITION.running : CONDITION.stopped)
    return address
  }

  frame (to: Address, text: string, more: FrameTerms = {}): Uint8Array {
    const { from = this.directory.caller, delivery = 'at-least-once', conversation = 0n, deliveryKey = '' } = more
    return encodeFrame({
      act: 'inform', receiver: to, sender: from, conversation, fields: { deliveryKey }, content: Buffer.from(text),
      delivery: DELIVERY.indexOf(delivery),
    })
  }

  /** Everything happens that needs no time. */
  async rest (): Promise<void> {
    for (let turn = 0; turn < 8; turn++) await settled()
  }

  async pass (milliseconds: number): Promise<void> {
    await this.rest()
    await this.clock.pass(milliseconds)
    await this.rest()
  }

  /** Hands a message in and lets it be kept. */
  async accept (frame: Uint8Array): Promise<void> {
    void this.acceptance.accept(frame)
    await this.rest()
  }

  /** Contents of what was handed to the shard since the last time, in order. */
  take (): string[] {
    return this.takeFrames().map(textIn)
  }

  takeFrames (): Uint8Array[] {
    return this.sent.splice(0)
  }

  /** The shard takes what lies in its ring. */
  drain (): void {
    while (this.reader.peek() >= 0) this.reader.release()
  }

  settle (frame: Uint8Array | undefined, reason?: Undeliverable): void {
    this.delivery.settle(numberOf(frame), reason === undefined ? -1 : UNDELIVERABLE.indexOf(reason))
  }

  loseShard (): void {
    this.delivery.threadLost(PLACE)
  }

  /** What an agent did for messages. */
  work (agent: Address, frames: readonly Uint8Array[], more: Partial<Work> = {}): Work {
    const conversations = { changed: [], gone: [] }
    return { ...agent, numbers: frames.map(numberOf), frames: [], timers: [], state: undefined, conversations, ...more }
  }

  /** Commits work and gives what the shard is told. */
  async commit (work: Work): Promise<boolean | undefined> {
    let told: boolean | undefined
    this.works.commit(work, committed => { told = committed })
    await this.rest()
    return told
  }

  async keptKeys (collection = INBOX): Promise<string[]> {
    const keys: string[] = []
    for await (const { key } of this.store.scan(collection)) keys.push(key)
    return keys
  }
}

/** The delivery number of a frame; 0 of none. */
export const numberOf = (frame: Uint8Array | undefined): number => frame === undefined ? 0 : viewOf(frame).getUint32(FRAME.sequence, true)

export const textIn = (frame: Uint8Array): string =>
  Buffer.from(frame.subarray(FRAME.headerBytes + viewOf(frame).getUint32(FRAME.fieldBytes, true))).toString()

