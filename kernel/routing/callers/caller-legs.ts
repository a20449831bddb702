import { actCode, FRAME, type AclMessage } from '../../contract/index.js'
import type { AddressList } from '../directory/address-list.js'
import type { Conversations } from '../conversations/conversations.js'
import type { OpenConversation } from '../conversations/open-conversation.js'
import { conversationOf, viewOf, type Address } from '../frames/frame.js'
import type { NameOf } from '../frames/frame-message.js'
import { PLATFORM } from '../conversations/protocol-tables.js'
import type { RingWriter } from '../frames/ring.js'
import type { RouteTable } from '../directory/route-table.js'

/** What {@link CallerLegs} look at. */
export interface CallerLegParts {
  readonly conversations: Conversations
  readonly routes: RouteTable
  /** Rings to the other threads, by place. */
  readonly writers: ReadonlyArray<RingWriter | undefined>
}

/** A caller's message on its way to one of its receivers. */
interface CallerLeg {
  readonly name: string
  readonly address: Address
  /** The copy that was sent. */
  readonly frame: Uint8Array
  /** The thread to which it went, and whether that has taken it from its ring. */
  readonly place: number
  readonly isTaken: () => boolean
}

/** The ways of one message to its receivers, in one conversation, and which of them have come to an end. */
export class CallerLegs {
  readonly #legs: CallerLeg[] = []
  readonly #lost = new Set<CallerLeg>()
  #missed = 0
  /** The conversation that the first copy opened, or was sent in. */
  conversation = 0n

  /** @param isFree Whether the conversation follows no protocol. */
  constructor (
    private readonly parts: CallerLegParts, private readonly isFree: boolean, private readonly nameOf: NameOf,
  ) {}

  /** How many receivers there are, those included to whom the message could not be handed. */
  get count (): number {
    return this.#legs.length + this.#missed
  }

  /** Copies were sent, just now. Their conversation is that of all. `isKept`: they come again when their thread was lost. */
  add (frame: Uint8Array, { handles, generations, count }: AddressList, isKept: boolean): void {
    const { routes, writers } = this.parts
    for (let index = 0; index < count; index++) {
      const address = { handle: handles[index] ?? 0, generation: generations[index] ?? 0 }
      const place = routes.place(address.handle)
      const writer = writers[place]
      const mark = writer?.mark ?? 0
      const isTaken = (): boolean => !isKept && (writer?.hasTaken(mark) ?? true)
      this.#legs.push({ name: this.nameOf(address.handle) ?? '', address, frame: addressed(frame, address), place, isTaken })
    }
    this.conversation = conversationOf(frame)
  }

  /** One receiver could not be handed its copy. */
  miss (): void {
    this.#missed += 1
  }

  /** A thread went away with what it had taken. Gives the ways that ended there before they had come to an end. */
  lose (place: number, now: number): readonly CallerLeg[] {
    const lost = this.#legs.filter(leg => leg.place === place && !this.#lost.has(leg) && leg.isTaken() && this.#fails(leg, now))
    for (const leg of lost) this.#lost.add(leg)
    return lost
  }

  /**
   * These agents are gone with their node. Gives the ways to them of a message without a protocol; others hear of it in
   * their conversation.
   */
  loseTo (handles: readonly number[]): readonly CallerLeg[] {
    const lost = this.isFree ? this.#legs.filter(leg => handles.includes(leg.address.handle) && !this.#lost.has(leg)) : []
    for (const leg of lost) this.#lost.add(leg)
    return lost
  }

  /** Whether no more answers are to come. Without a protocol, the first of an agent other than `agree` is its last. */
  isOver (answers: readonly AclMessage[]): boolean {
    if (!this.isFree) return this.#unfinished().length === 0
    const last = answers.filter(({ performative }) => performative !== 'agree')
    return new Set(last.map(({ sender }) => sender)).size >= this.count
  }

  /** Names of the receivers of whom more was to come. */
  missing (answers: readonly AclMessage[]): readonly string[] {
    const unfinished = this.isFree ? this.#legs.filter(({ name }) => !answers.some(({ sender }) => sender === name)) : this.#unfinished()
    return (unfinished.length === 0 ? this.#legs : unfinished).map(({ name }) => name)
  }

  /** Whether the conversation still waited for somebody, who has failed now. */
  #fails ({ address }: CallerLeg, now: number): boolean {
    const { conversations } = this.parts
    const conversation = conversations.table.findId(this.conversation)
    return conversation !== undefined && conversations.step(conversation, PLATFORM, address.handle, actCode('failure'), 0, now).legal
  }

  #unfinished (): readonly CallerLeg[] {
    const conversation = this.parts.conversations.table.findId(this.conversation)
    if (conversation === undefined || conversation.isOver) return []
    return this.#legs.filter(leg => !this.#lost.has(leg) && !this.#isFinal(conversation, leg.address.handle))
  }

  #isFinal (conversation: OpenConversation, participant: number): boolean {
    const { conversations } = this.parts
    const branch = conversations.table.branches.find(conversation, participant)
    return branch !== undefined && conversations.protocol(conversation)?.isFinal(branch.state) === true
  }
}

/** The copy of a message for one of its receivers. */
function addressed (frame: Uint8Array, { handle, generation }: Address): Uint8Array {
  const copy = frame.slice()
  const view = viewOf(copy)
  view.setUint32(FRAME.receiver, handle, true)
  view.setUint32(FRAME.receiverGeneration, generation, true)
  return copy
}
