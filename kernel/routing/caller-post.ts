import { FRAME_FLAGS, HOST_RESULTS, type AclMessage, type Clock } from '../contract/index.js'
import type { MessageDraft } from './acl-message.js'
import type { Directory } from './directory.js'
import type { DurableIntake } from './durable/durable-intake.js'
import { encodeFrame, type Address } from './frame.js'
import type { Post } from './post.js'
import { CONDITION, type RouteTable } from './route-table.js'
import {
  ActNotLegal, AgentNotFound, AgentNotRunning, MailboxFull, MessageNotKept, MessageTooLarge, TooManyConversations,
} from './routing-errors.js'
import type { SendTerms } from './send-terms.js'
import { UNDELIVERABLE_SENTENCES, type Undeliverable } from './undeliverable.js'

/** What {@link CallerPost} works with. */
export interface CallerPostParts {
  readonly post: Post
  readonly directory: Directory
  readonly routes: RouteTable
  readonly intake: DurableIntake
  readonly clock: Clock
  /** Largest message that is taken, in bytes, header included. */
  readonly largestMessage: number
}

/** A receiver, and what its name stands for. */
export interface NamedAddress {
  readonly name: string
  readonly address: Address
}

/** Hands frames of callers to the post, and says in errors why it took one not. */
export class CallerPost {
  constructor (private readonly parts: CallerPostParts) {}

  /** Throws `AGENT_NOT_FOUND`. */
  receiver (name: string): NamedAddress {
    const address = this.parts.directory.address(name)
    if (address === undefined) throw AgentNotFound({ name })
    return { name, address }
  }

  /** A copy for one receiver, in the conversation with the id, or in a new one (0). */
  frame (draft: MessageDraft, terms: SendTerms, { address }: NamedAddress, conversation: bigint): Uint8Array {
    const { directory, clock } = this.parts
    const { priority, delivery, timeToLive, receipt } = terms
    return encodeFrame({
      ...draft, receiver: address, sender: directory.caller, conversation, priority, delivery,
      expires: timeToLive === 0 ? 0 : clock.now() + timeToLive,
      flags: receipt ? FRAME_FLAGS.receipt : 0,
    })
  }

  /**
   * The frame has message id and conversation afterwards. Answers, for a message that is kept until it is handled, what resolves when it
   * is on disk, and rejects with `MESSAGE_NOT_KEPT` when it will not be. Errors: those of routing-errors.
   */
  hand (frame: Uint8Array, { performative, protocol }: AclMessage, { name, address }: NamedAddress): Promise<void> | undefined {
    const { post, directory: { caller }, routes, intake, largestMessage } = this.parts
    intake.latest = undefined
    if (frame.length > largestMessage) throw MessageTooLarge({ bytes: frame.length, limit: largestMessage })
    const result = post.send(frame, new DataView(frame.buffer), 0, frame.length, caller.handle, caller.generation)
    switch (result) {
      case HOST_RESULTS.ok: return intake.latest === undefined ? undefined : keptAs(name, intake.latest)
      case HOST_RESULTS.full: throw MailboxFull({ name })
      case HOST_RESULTS.quota: throw TooManyConversations({})
      case HOST_RESULTS.tooLarge: throw MessageTooLarge({ bytes: frame.length, limit: largestMessage })
      case HOST_RESULTS.malformed: throw ActNotLegal({ performative, protocol })
      default: throw routes.condition(address.handle) === CONDITION.free ? AgentNotFound({ name }) : AgentNotRunning({ name })
    }
  }
}

async function keptAs (name: string, keeping: Promise<Undeliverable | undefined>): Promise<void> {
  const reason = await keeping
  if (reason !== undefined) throw MessageNotKept({ name, reason: UNDELIVERABLE_SENTENCES[reason] })
}
