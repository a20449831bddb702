import { HOST_RESULTS, type AclMessage } from '../contract/index.js'
import { refusalOf, type Destination } from './destination.js'
import type { Directory } from './directory.js'
import type { DurableIntake } from './durable/durable-intake.js'
import type { Post } from './post.js'
import type { RouteTable } from './route-table.js'
import { MessageNotKept, MessageTooLarge } from './routing-errors.js'
import { UNDELIVERABLE_SENTENCES } from './undeliverable.js'

/** What {@link CallerPost} works with. */
export interface CallerPostParts {
  readonly post: Post
  readonly directory: Directory
  readonly routes: RouteTable
  readonly intake: DurableIntake
  /** Largest message that is taken, in bytes, header included. */
  readonly largestMessage: number
}

/** Hands frames of callers to the post, and says in errors why it took one not. */
export class CallerPost {
  constructor (private readonly parts: CallerPostParts) {}

  /**
   * The frame has message id and conversation afterwards. Answers whether the message is kept until it is handled: then {@link kept}
   * says, called at once, when it is. Errors: those of routing-errors.
   */
  hand (frame: Uint8Array, message: AclMessage, destination: Destination): boolean {
    const { post, directory: { caller }, routes, intake, largestMessage } = this.parts
    intake.latest = undefined
    if (frame.length > largestMessage) throw MessageTooLarge({ bytes: frame.length, limit: largestMessage })
    const result = post.send(frame, new DataView(frame.buffer), 0, frame.length, caller.handle, caller.generation)
    if (result === HOST_RESULTS.ok) return intake.latest !== undefined
    if (result === HOST_RESULTS.tooLarge) throw MessageTooLarge({ bytes: frame.length, limit: largestMessage })
    throw refusalOf(result, message, destination, post.recipients, routes)
  }

  /** Resolves when the message that was handed over last is on disk. Throws `MESSAGE_NOT_KEPT`. */
  async kept ({ name }: Destination): Promise<void> {
    const reason = await this.parts.intake.latest
    if (reason !== undefined) throw MessageNotKept({ name, reason: UNDELIVERABLE_SENTENCES[reason] })
  }
}
