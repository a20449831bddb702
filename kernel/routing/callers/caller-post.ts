import { FRAME_FLAGS, HOST_RESULTS, type AclMessage, type Clock } from '../../contract/index.js'
import type { MessageDraft } from '../frames/acl-message.js'
import { refusalOf, type Destination } from './destination.js'
import type { Directory } from '../directory/directory.js'
import type { Acceptance } from '../durable/durable-acceptance.js'
import type { DurableIntake } from '../durable/durable-intake.js'
import { encodeFrame, viewOf } from '../frames/frame.js'
import type { Post } from '../post.js'
import type { RouteTable } from '../directory/route-table.js'
import { MessageNotKept, MessageTooLarge } from '../routing-errors.js'
import type { SendTerms } from './send-terms.js'
import { UNDELIVERABLE_SENTENCES } from '../undeliverable.js'

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

const DUPLICATE: Acceptance = 'MESSAGE_DUPLICATE'

/** How a message of a caller came to be on disk: also for one receiver, it was there before under its delivery key. */
export interface Keeping {
  readonly isDuplicate: boolean
}

/** Hands frames of callers to the post, and says in errors why it took one not. */
export class CallerPost {
  constructor (private readonly parts: CallerPostParts) {}

  /** A copy for one destination, in the conversation with the id, or in a new one (0). */
  frame (draft: MessageDraft, terms: SendTerms, { receiver, fields }: Destination, conversation: bigint): Uint8Array {
    const { directory, clock } = this.parts
    const { priority, delivery, timeToLive, deliveryKey, receipt } = terms
    return encodeFrame({
      ...draft, fields: { ...draft.fields, ...fields, ...deliveryKey === '' ? {} : { deliveryKey } },
      receiver, sender: directory.caller, conversation, priority, delivery,
      expires: timeToLive === 0 ? 0 : clock.now() + timeToLive,
      flags: receipt ? FRAME_FLAGS.receipt : 0,
    })
  }

  /**
   * The frame has message id and conversation afterwards. Answers, for a message that is kept until it is handled, what resolves when it
   * is on disk, with whether it was there before, and rejects with `MESSAGE_NOT_KEPT` when it will not be. Errors: those of
   * routing-errors.
   */
  hand (frame: Uint8Array, message: AclMessage, destination: Destination): Promise<Keeping> | undefined {
    const { post, directory: { caller }, routes, intake, largestMessage } = this.parts
    if (frame.length > largestMessage) throw MessageTooLarge({ bytes: frame.length, limit: largestMessage })
    const { result, taken } = intake.watch(() => post.send(frame, viewOf(frame), 0, frame.length, caller.handle, caller.generation))
    if (result === HOST_RESULTS.ok) return taken.length === 0 ? undefined : keptFor(destination, taken)
    if (result === HOST_RESULTS.tooLarge) throw MessageTooLarge({ bytes: frame.length, limit: largestMessage })
    throw refusalOf(result, message, destination, post.recipients, routes)
  }
}

async function keptFor ({ name }: Destination, taken: ReadonlyArray<Promise<Acceptance>>): Promise<Keeping> {
  const outcomes = await Promise.all(taken)
  const reason = outcomes.find(why => why !== undefined && why !== DUPLICATE)
  if (reason !== undefined) throw MessageNotKept({ name, reason: UNDELIVERABLE_SENTENCES[reason] })
  return { isDuplicate: outcomes.includes(DUPLICATE) }
}
