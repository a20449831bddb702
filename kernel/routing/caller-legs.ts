import type { AclMessage } from '../contract/index.js'
import type { NamedAddress } from './caller-post.js'
import type { Conversations } from './conversations.js'
import { decodeFrame } from './frame.js'
import type { RingWriter } from './ring.js'
import type { RouteTable } from './route-table.js'

/** What {@link CallerLegs} look at. */
export interface CallerLegParts {
  readonly conversations: Conversations
  readonly routes: RouteTable
  /** Rings to the other threads, by place. */
  readonly writers: ReadonlyArray<RingWriter | undefined>
}

/** A caller's message on its way to one of its receivers. */
interface CallerLeg extends NamedAddress {
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
  /** The conversation that the first copy opened, or was sent in. */
  conversation = 0n

  /**
   * @param isFree Whether the conversation follows no protocol.
   * @param count Receivers, those included to whom the message could not be handed.
   */
  constructor (
    private readonly parts: CallerLegParts, private readonly isFree: boolean, private readonly count: number,
  ) {}

  get isEmpty (): boolean {
    return this.#legs.length === 0
  }

  /** A copy was sent. Its conversation is that of all. `isKept`: it comes again when its thread was lost. */
  add ({ name, address }: NamedAddress, frame: Uint8Array, isKept: boolean): void {
    const place = this.parts.routes.place(address.handle)
    const writer = this.parts.writers[place]
    const mark = writer?.mark ?? 0
    this.#legs.push({ name, address, frame, place, isTaken: () => !isKept && (writer?.hasTaken(mark) ?? true) })
    this.conversation = decodeFrame(frame).conversation
  }

  /** A thread went away with what it had taken. Gives the ways that ended there. */
  lose (place: number): readonly CallerLeg[] {
    const lost = this.#legs.filter(leg => leg.place === place && !this.#lost.has(leg) && leg.isTaken())
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

  #unfinished (): readonly CallerLeg[] {
    const { table } = this.parts.conversations
    const conversation = table.findId(this.conversation)
    if (conversation < 0 || table.isOver(conversation)) return []
    return this.#legs.filter(leg => !this.#lost.has(leg) && !this.#isFinal(conversation, leg.address.handle))
  }

  #isFinal (conversation: number, participant: number): boolean {
    const { table } = this.parts.conversations
    const branch = table.branchOf(conversation, participant)
    return branch >= 0 && this.parts.conversations.protocol(conversation)?.isFinal(table.branches.state(branch)) === true
  }
}
