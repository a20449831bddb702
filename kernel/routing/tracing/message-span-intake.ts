import type { Tracing } from '../../observability/tracing.js'
import type { NameOf } from '../frames/frame-message.js'
import type { MessageSpan } from './message-span.js'
import { SpanDescription } from './span-description.js'

/** Takes what the threads noted of messages, gives it names, and hands it to whoever wants spans. Main thread only. */
export class MessageSpanIntake {
  readonly #description: SpanDescription

  constructor (private readonly tracing: Pick<Tracing, 'hub' | 'clock' | 'dropped'>, nameOf: NameOf) {
    this.#description = new SpanDescription(nameOf, () => tracing.clock.now())
  }

  /** `dropped`: so many more were not noted. */
  take (spans: readonly MessageSpan[], dropped: number): void {
    const { hub } = this.tracing
    if (dropped > 0) this.tracing.dropped(dropped)
    if (!hub.wantsSpans) return
    for (const span of spans) hub.span(this.#description.of(span))
  }
}
