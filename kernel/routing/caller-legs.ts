import type { AclMessage } from '../contract/index.js'
import type { Conversations } from './conversations.js'
import type { Address } from './frame.js'

/** A caller's message on its way to one of its receivers. */
export interface CallerLeg {
  readonly name: string
  readonly receiver: Address
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
    private readonly conversations: Conversations, private readonly isFree: boolean, private readonly count: number,
  ) {}

  get isEmpty (): boolean {
    return this.#legs.length === 0
  }

  add (leg: CallerLeg): void {
    this.#legs.push(leg)
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
    const { table } = this.conversations
    const conversation = table.findId(this.conversation)
    if (conversation < 0 || table.isOver(conversation)) return []
    return this.#legs.filter(leg => !this.#lost.has(leg) && !this.#isFinal(conversation, leg.receiver.handle))
  }

  #isFinal (conversation: number, participant: number): boolean {
    const { table } = this.conversations
    const branch = table.branchOf(conversation, participant)
    return branch >= 0 && this.conversations.protocol(conversation)?.isFinal(table.branches.state(branch)) === true
  }
}
