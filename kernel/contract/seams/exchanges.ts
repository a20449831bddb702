import type { Act } from '../acts.js'
import type { TraceContext } from '../observe.js'
import { token } from '../token.js'

/** What code of the server says to an agent. */
export interface Saying {
  readonly act: Act
  /** Name of an agent. */
  readonly to: string
  readonly content: Uint8Array
  /** Left out: `application/json`. */
  readonly mediaType?: string
  /** When the next message is wanted, in milliseconds since the Unix epoch. Left out: no matter when. */
  readonly replyBy?: number
}

/** What came back. */
export interface Heard {
  /** Name of the agent that was spoken to. */
  readonly from: string
  readonly act: Act
  readonly content: Uint8Array
  readonly mediaType: string
  /** The platform says so in the agent's name; the content is JSON with `code` and `reason`. */
  readonly byPlatform: boolean
}

/** A conversation whose initiator is code of the server. Whoever opens one closes it. */
export interface Exchange {
  /** As in messages; empty until something was said. */
  readonly conversationId: string
  /**
   * Says something, to one agent; the first saying opens the conversation. Takes no time: what comes of it is heard.
   *
   * @throws What `caxton message send` fails with, such as `AGENT_NOT_FOUND`, `MAILBOX_FULL` and `ACT_NOT_LEGAL`; then
   *   nothing was said.
   */
  say (saying: Saying): void
  /**
   * What comes back, in the order in which it came. Ends when nobody has anything to say any more, and when the exchange is
   * closed. For one reader. At most 10,000 answers wait for it; more are lost.
   *
   * @throws The signal's reason when it aborts; `MESSAGES_STOPPING` when the server stops.
   */
  heard (signal: AbortSignal): AsyncIterable<Heard, void, undefined>
  /** Ends the conversation. What agents still say in it reaches nobody. May be called more than once. */
  close (): void
}

/** Opens conversations for code in the main thread; to agents, it is the caller. */
export interface Exchanges {
  /** @param protocol Name of an interaction protocol that is switched on. @param trace That of all that is said. */
  open (protocol: string, trace: TraceContext): Exchange
}

export const ExchangesToken = token<Exchanges>('caxton/exchanges@1')
