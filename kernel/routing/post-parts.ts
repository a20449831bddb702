import type { Conversations } from './conversations/conversations.js'
import type { WaysParts } from './delivery-ways.js'
import type { Recipients } from './directory/recipients.js'
import type { DispatchParts } from './frame-dispatch.js'
import type { MessageStamp } from './frames/message-stamp.js'
import type { PostObserver } from './post-observer.js'
import type { MessageSpans } from './tracing/message-spans.js'

/** What a thread's post works with. */
export interface PostParts extends DispatchParts, WaysParts {
  readonly recipients: Recipients
  readonly conversations: Conversations
  readonly stamp: MessageStamp
  readonly observer: PostObserver
  /** Notes messages of traces that are recorded. */
  readonly spans?: MessageSpans
  /** Wall clock in milliseconds. */
  readonly now: () => number
  /** The same, maybe a moment old, for what is asked with each message. */
  readonly lately?: () => number
}
