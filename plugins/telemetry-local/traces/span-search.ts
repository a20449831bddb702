import type { FinishedSpan } from '../../../kernel/contract/index.js'
import type { RecordBlocks } from '../records/record-blocks.js'
import { readSpanText } from './span-text.js'

/** Most spans of one answer. */
export const MOST_SPANS = 5_000

/** What may name a trace besides its own id. */
const NAMING = ['messaging.message.conversation_id', 'messaging.message.id'] as const

/** Spans that were found. */
export interface FoundSpans {
  readonly spans: readonly FinishedSpan[]
  /** There are more. */
  readonly isCut: boolean
}

/** The ids of traces, conversations and messages that are looked for. */
export const isNamedBy = (span: FinishedSpan, ids: ReadonlySet<string>): boolean =>
  ids.has(span.traceId) || NAMING.some(name => ids.has(String(span.attributes[name] ?? '')))

/** The spans of this node that belong to any of the traces, conversations or messages. */
export async function searchSpans (blocks: Pick<RecordBlocks, 'read'>, ids: readonly string[]): Promise<FoundSpans> {
  const wanted = new Set(ids.filter(id => id !== ''))
  // As they stand in the text, so that most blocks need not be read.
  const marks = [...wanted].map(id => JSON.stringify(id).slice(1, -1))
  const spans: FinishedSpan[] = []
  for await (const line of blocks.read(0, block => marks.some(mark => block.includes(mark)))) {
    if (!marks.some(mark => line.includes(mark))) continue
    const span = readSpanText(line)
    if (span === undefined || !isNamedBy(span, wanted)) continue
    if (spans.length >= MOST_SPANS) return { spans, isCut: true }
    spans.push(span)
  }
  return { spans, isCut: false }
}
