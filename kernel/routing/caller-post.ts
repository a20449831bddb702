import { HOST_RESULTS, type AclMessage } from '../contract/index.js'
import { refusalOf, type Destination } from './destination.js'
import type { Directory } from './directory.js'
import type { Post } from './post.js'
import type { RouteTable } from './route-table.js'
import { MessageTooLarge } from './routing-errors.js'

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
  hand (frame: Uint8Array, message: AclMessage, destination: Destination): void {
    const { post, directory: { caller }, routes, largestMessage } = this.parts
    if (frame.length > largestMessage) throw MessageTooLarge({ bytes: frame.length, limit: largestMessage })
    const result = post.send(frame, new DataView(frame.buffer), 0, frame.length, caller.handle, caller.generation)
    if (result === HOST_RESULTS.ok) return
    if (result === HOST_RESULTS.tooLarge) throw MessageTooLarge({ bytes: frame.length, limit: largestMessage })
    throw refusalOf(result, message, destination, post.recipients, routes)
  }
}
