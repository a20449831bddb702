import { FIELD, FRAME, FRAME_FLAGS } from '../contract/index.js'
import { homeOf, type Conversation, type Conversations } from './conversations.js'
import { findField } from './frame.js'
import { INITIATOR, PARTICIPANT, PLATFORM, type ProtocolTable } from './protocol-tables.js'
import { CALLER_HANDLE } from './route-table.js'
import { LEGAL, type Verdict } from './verdict.js'

const OVER: Verdict = { legal: false, state: 'over', acts: [] }
const UNKNOWN_PROTOCOL: Verdict = { legal: false, state: 'unknown protocol', acts: [] }

/** The verdict on a message that would begin a conversation when there are too many. */
export const CROWDED: Verdict = { legal: false, state: 'too many open conversations', acts: [] }

/** Whether a frame names a conversation. */
export const hasConversation = (view: DataView, at: number): boolean =>
  view.getUint32(at + FRAME.conversation, true) !== 0 || view.getUint32(at + FRAME.conversation + 4, true) !== 0

/**
 * Holds messages against their conversations: each message once, at the initiator's home, outgoing before it leaves and
 * incoming when it arrives. A message whose conversation lives elsewhere is left to that home.
 */
export class ConversationChecks {
  /** The conversation that the latest outgoing message began. */
  opened: Conversation | undefined

  constructor (
    private readonly place: number,
    private readonly conversations: Conversations,
    private readonly protocols: readonly ProtocolTable[],
    private readonly now: () => number,
  ) {}

  /** A message of a local sender, whichever end of the conversation sends. Takes the step when it is legal. */
  outgoing (view: DataView, at: number, sender: number, receiver: number): Verdict {
    this.opened = undefined
    if (!hasConversation(view, at)) {
      const field = findField(view, at, FIELD.protocol)
      return field < 0 ? LEGAL : this.#open(view, at, field, sender, receiver)
    }
    if (homeOf(view, at) !== this.place) return LEGAL
    const conversation = this.conversations.find(view.getBigUint64(at + FRAME.conversation, true))
    if (conversation === undefined) return this.#over(view, at) ?? OVER
    if (conversation.initiator === sender) {
      const verdict = this.#step(conversation, INITIATOR, receiver, view, at)
      // An agent that talks to itself has both ends.
      return verdict.legal || receiver !== sender ? verdict : this.#step(conversation, PARTICIPANT, sender, view, at)
    }
    return conversation.initiator === receiver ? this.#step(conversation, PARTICIPANT, sender, view, at) : OVER
  }

  /** A message from elsewhere, or from the platform, to a receiver that lives here. Takes the step when it is legal. */
  incoming (view: DataView, at: number, receiver: number): Verdict {
    if (!hasConversation(view, at) || homeOf(view, at) !== this.place) return LEGAL
    const conversation = this.conversations.find(view.getBigUint64(at + FRAME.conversation, true))
    // A caller who has heard enough leaves; further answers are counted by the callers, and nobody is told off for them.
    if (conversation === undefined) return this.#over(view, at) ?? (receiver === CALLER_HANDLE ? LEGAL : OVER)
    if (conversation.initiator !== receiver) return OVER
    const role = (view.getUint8(at + FRAME.flags) & FRAME_FLAGS.platform) === 0 ? PARTICIPANT : PLATFORM
    return this.#step(conversation, role, view.getUint32(at + FRAME.sender, true), view, at)
  }

  /** The answer of the protocol that a message names, when it has one for what comes after the end. */
  #over (view: DataView, at: number): Verdict | undefined {
    const field = findField(view, at, FIELD.protocol)
    return field < 0 ? undefined : this.#table(view, field)?.refusalWhenOver(view.getUint8(at + FRAME.act))
  }

  #table (view: DataView, field: number): ProtocolTable | undefined {
    const length = view.getUint16(field - 2, true)
    for (const table of this.protocols) if (equal(table.nameBytes, view, field, length)) return table
    return undefined
  }

  #open (view: DataView, at: number, field: number, sender: number, receiver: number): Verdict {
    const table = this.#table(view, field)
    if (table === undefined) return UNKNOWN_PROTOCOL
    const conversation = this.conversations.open(table, sender, this.now())
    if (conversation === undefined) return CROWDED
    const verdict = this.#step(conversation, INITIATOR, receiver, view, at)
    if (verdict.legal) this.opened = conversation
    else this.conversations.close(conversation.id)
    return verdict
  }

  #step (conversation: Conversation, role: number, other: number, view: DataView, at: number): Verdict {
    const deadline = Number(view.getBigInt64(at + FRAME.deadline, true))
    const { conversations } = this
    const verdict = conversations.step(conversation, role, other, view.getUint8(at + FRAME.act), deadline, this.now())
    if (verdict.legal && conversations.isOver(conversation)) conversations.close(conversation.id)
    return verdict
  }
}

function equal (wanted: Uint8Array, view: DataView, at: number, length: number): boolean {
  if (wanted.length !== length) return false
  for (let index = 0; index < length; index++) if (wanted[index] !== view.getUint8(at + index)) return false
  return true
}
