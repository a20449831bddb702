import { FIELD, FRAME, FRAME_FLAGS } from '../../contract/in-shard.js'
import { homeOf, type Conversations } from './conversations.js'
import { findField } from '../frames/frame.js'
import { isReceipt } from '../frames/frame-flags.js'
import type { OpenConversation } from './open-conversation.js'
import { INITIATOR, PARTICIPANT, PLATFORM } from './protocol-tables.js'
import { CALLER_HANDLE } from '../directory/route-table.js'
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
  /** The conversation that the latest outgoing message began, if it began one. */
  opened: OpenConversation | undefined
  /** Priority of the conversation in which the latest message took a step; -1: it took none, and keeps its own. */
  priority = -1
  /** Number of the protocol that was named latest. */
  #latest = 0
  /** Whether the latest outgoing message was checked as its initiator's, so that nobody need do it again. */
  isChecked = false

  constructor (
    private readonly place: number,
    private readonly conversations: Conversations,
    private readonly now: () => number,
  ) {}

  /** Writes the id of the conversation that the latest outgoing message began, if it began one, into a frame. */
  nameOpened (view: DataView, at: number): void {
    const { opened } = this
    if (opened === undefined) return
    view.setInt32(at + FRAME.conversation, opened.low, true)
    view.setInt32(at + FRAME.conversation + 4, opened.high, true)
  }

  /**
   * A message of a local sender, whichever end of the conversation sends. Takes the step when it is legal. `mode`: how it is delivered;
   * what is kept first is checked when it arrives, if it is a participant's.
   */
  outgoing (view: DataView, at: number, sender: number, receiver: number, mode: number): Verdict {
    this.#begin()
    if (!hasConversation(view, at)) {
      const verdict = this.#open(view, at, sender, mode)
      return this.opened === undefined ? verdict : this.#first(this.opened, receiver, view, at)
    }
    if (homeOf(view, at) !== this.place) return LEGAL
    const conversation = this.#find(view, at)
    if (conversation === undefined) return this.#over(view, at) ?? OVER
    if (conversation.initiator === sender) return this.#initiators(conversation, sender, receiver, view, at)
    if (conversation.initiator !== receiver) return OVER
    return mode !== 0 ? LEGAL : this.#step(conversation, PARTICIPANT, sender, view, at)
  }

  /**
   * A message that is held back until its sender's work is whole: a conversation that it begins is opened, so that the sender knows its
   * id. The step is taken by {@link later}.
   */
  held (view: DataView, at: number, sender: number, mode: number): Verdict {
    this.#begin()
    return hasConversation(view, at) ? LEGAL : this.#open(view, at, sender, mode)
  }

  /** A message that was held back, on its way now. A participant's is checked when it arrives. */
  later (view: DataView, at: number, sender: number, receiver: number): Verdict {
    this.#begin()
    if (!hasConversation(view, at) || homeOf(view, at) !== this.place) return LEGAL
    const conversation = this.#find(view, at)
    if (conversation === undefined) return OVER
    return conversation.initiator === sender
      ? this.#initiators(conversation, sender, receiver, view, at) : LEGAL
  }

  /** A message from elsewhere, or from the platform, to a receiver that lives here. Takes the step when it is legal. */
  incoming (view: DataView, at: number, receiver: number): Verdict {
    this.priority = -1
    if (!hasConversation(view, at) || homeOf(view, at) !== this.place || isReceipt(view, at)) return LEGAL
    const conversation = this.#find(view, at)
    // A caller who has heard enough leaves; further answers are counted by the callers, and nobody is told off for them.
    if (conversation === undefined) return this.#over(view, at) ?? (receiver === CALLER_HANDLE ? LEGAL : OVER)
    if (conversation.initiator !== receiver) return OVER
    const role = (view.getUint8(at + FRAME.flags) & FRAME_FLAGS.platform) === 0 ? PARTICIPANT : PLATFORM
    return this.#step(conversation, role, view.getUint32(at + FRAME.sender, true), view, at)
  }

  /** The answer of the protocol that a message names, when it has one for what comes after the end. */
  #over (view: DataView, at: number): Verdict | undefined {
    const field = findField(view, at, FIELD.protocol)
    const number = field < 0 ? -1 : this.#protocol(view, field)
    return this.conversations.protocols[number]?.refusalWhenOver(view.getUint8(at + FRAME.act))
  }

  #find (view: DataView, at: number): OpenConversation | undefined {
    return this.conversations.table.find(
      view.getInt32(at + FRAME.conversation, true), view.getInt32(at + FRAME.conversation + 4, true))
  }

  #begin (): void {
    this.opened = undefined
    this.isChecked = false
    this.priority = -1
  }

  /** Opens a conversation if the message names a protocol. */
  #open (view: DataView, at: number, sender: number, mode: number): Verdict {
    const field = findField(view, at, FIELD.protocol)
    if (field < 0) return LEGAL
    const protocol = this.#protocol(view, field)
    if (protocol < 0) return UNKNOWN_PROTOCOL
    const conversation = this.conversations.open(protocol, sender, this.now(), view.getUint8(at + FRAME.priority), mode)
    if (conversation === undefined) return CROWDED
    this.opened = conversation
    return LEGAL
  }

  /** The step that begins a conversation; one that is illegal leaves none. */
  #first (opened: OpenConversation, receiver: number, view: DataView, at: number): Verdict {
    const verdict = this.#step(opened, INITIATOR, receiver, view, at)
    this.isChecked = verdict.legal
    if (verdict.legal) return verdict
    this.conversations.discard(opened, this.now())
    this.opened = undefined
    return verdict
  }

  #initiators (conversation: OpenConversation, sender: number, receiver: number, view: DataView, at: number): Verdict {
    this.isChecked = true
    const verdict = this.#step(conversation, INITIATOR, receiver, view, at)
    // An agent that talks to itself has both ends.
    return verdict.legal || receiver !== sender ? verdict : this.#step(conversation, PARTICIPANT, sender, view, at)
  }

  /** Number of the protocol that the field at `field` names, or -1. */
  #protocol (view: DataView, field: number): number {
    const length = view.getUint16(field - 2, true)
    // Most messages name the protocol that the one before named.
    if (this.#isNamed(this.#latest, view, field, length)) return this.#latest
    for (let index = 0; index < this.conversations.protocols.length; index++) {
      if (!this.#isNamed(index, view, field, length)) continue
      this.#latest = index
      return index
    }
    return -1
  }

  #isNamed (protocol: number, view: DataView, field: number, length: number): boolean {
    const table = this.conversations.protocols[protocol]
    return table !== undefined && table.nameLength === length && equal(table.nameBytes, view, field, length)
  }

  #step (conversation: OpenConversation, role: number, other: number, view: DataView, at: number): Verdict {
    const { conversations } = this
    const act = view.getUint8(at + FRAME.act)
    this.priority = conversation.priority
    const now = this.now()
    const verdict = conversations.step(conversation, role, other, act, deadlineOf(view, at), now)
    if (!verdict.legal) return verdict
    if (conversations.transcripts.isWanted) this.#writeDown(conversation, role, other, view, at)
    if (conversation.isOver) conversations.close(conversation, 'completed', now)
    return verdict
  }

  #writeDown (conversation: OpenConversation, role: number, participant: number, view: DataView, at: number): void {
    const from = FRAME.headerBytes + view.getUint32(at + FRAME.fieldBytes, true)
    const content = new Uint8Array(view.buffer, view.byteOffset + at + from, view.getUint32(at + FRAME.length, true) - from)
    const act = view.getUint8(at + FRAME.act)
    this.conversations.transcripts.add(conversation, { at: this.now(), byInitiator: role === INITIATOR, participant, act, content })
  }
}

/** A frame's reply-by, read without making garbage. */
const deadlineOf = (view: DataView, at: number): number =>
  view.getInt32(at + FRAME.deadline + 4, true) * 0x100000000 + view.getUint32(at + FRAME.deadline, true)

function equal (wanted: DataView, view: DataView, at: number, length: number): boolean {
  let index = 0
  for (; index + 4 <= length; index += 4) if (wanted.getInt32(index) !== view.getInt32(at + index)) return false
  for (; index < length; index++) if (wanted.getUint8(index) !== view.getUint8(at + index)) return false
  return true
}
