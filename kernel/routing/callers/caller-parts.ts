import type { Clock } from '../../contract/index.js'
import type { Conversations } from '../conversations/conversations.js'
import type { MessageStamp } from '../frames/message-stamp.js'
import type { RingWriter } from '../frames/ring.js'
import type { MessageSpans } from '../tracing/message-spans.js'
import type { CallerPostParts } from './caller-post.js'

/** What `Callers` work with. */
export interface CallerParts extends CallerPostParts {
  readonly conversations: Conversations
  /** Rings to the other threads, by place. */
  readonly writers: ReadonlyArray<RingWriter | undefined>
  readonly stamp: MessageStamp
  readonly spans?: MessageSpans
  readonly clock: Clock
}
