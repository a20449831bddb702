import { HOST_RESULTS, type AclMessage } from '../contract/index.js'
import type { Directory } from './directory.js'
import type { Address } from './frame.js'
import type { Post } from './post.js'
import { CONDITION, type RouteTable } from './route-table.js'
import {
  ActNotLegal, AgentNotFound, AgentNotRunning, MailboxFull, MessageTooLarge, TooManyConversations,
} from './routing-errors.js'

/** What {@link CallerPost} works with. */
export interface CallerPostParts {
  readonly post: Post
  readonly directory: Directory
  readonly routes: RouteTable
  /** Largest message that is taken, in bytes, header included. */
  readonly largestMessage: number
}

/** Hands frames of callers to the post, and says in errors why it took one not. */
export class CallerPost {
  constructor (private readonly parts: CallerPostParts) {}

  /** The frame has message id and conversation afterwards. Errors: those of routing-errors. */
  hand (frame: Uint8Array, { receiver: name, performative, protocol }: AclMessage, receiver: Address): void {
    const { post, directory: { caller }, routes, largestMessage } = this.parts
    if (frame.length > largestMessage) throw MessageTooLarge({ bytes: frame.length, limit: largestMessage })
    const result = post.send(frame, new DataView(frame.buffer), 0, frame.length, caller.handle, caller.generation)
    switch (result) {
      case HOST_RESULTS.ok: return
      case HOST_RESULTS.full: throw MailboxFull({ name })
      case HOST_RESULTS.quota: throw TooManyConversations({})
      case HOST_RESULTS.tooLarge: throw MessageTooLarge({ bytes: frame.length, limit: largestMessage })
      case HOST_RESULTS.malformed: throw ActNotLegal({ performative, protocol })
      default: throw routes.condition(receiver.handle) === CONDITION.free ? AgentNotFound({ name }) : AgentNotRunning({ name })
    }
  }
}
