import type { Attributes, FinishedSpan, SpanKind } from '../../../kernel/contract/index.js'

const KINDS: readonly string[] = ['internal', 'server', 'client', 'producer', 'consumer']
/** Most attributes of one span that are taken from elsewhere. */
const MOST_ATTRIBUTES = 128

/** A span as one line, as it is kept and as nodes tell it one another. */
export const spanText = (span: FinishedSpan): string => JSON.stringify(span)

/** Reads such a line; undefined when it is none. */
export function readSpanText (text: string): FinishedSpan | undefined {
  try {
    return readSpan(JSON.parse(text))
  } catch {
    return undefined
  }
}

/** A span out of parsed JSON; undefined when it is none. */
export function readSpan (value: unknown): FinishedSpan | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const { traceId, spanId, parentSpanId, name, kind, startedAt, endedAt, attributes, failure } =
    value as Readonly<Record<string, unknown>>
  if (!isId(traceId, 32) || !isId(spanId, 16) || typeof name !== 'string' || !isKind(kind)) return undefined
  if (!isMoment(startedAt) || !isMoment(endedAt)) return undefined
  return {
    traceId, spanId, name, kind, startedAt, endedAt,
    attributes: attributesOf(attributes),
    ...isId(parentSpanId, 16) ? { parentSpanId } : {},
    ...typeof failure === 'string' ? { failure } : {},
  }
}

const isId = (value: unknown, digits: number): value is string =>
  typeof value === 'string' && value.length === digits && /^[0-9a-f]+$/.test(value)

const isKind = (value: unknown): value is SpanKind => typeof value === 'string' && KINDS.includes(value)

const isMoment = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value) && value >= 0

function attributesOf (value: unknown): Attributes {
  if (typeof value !== 'object' || value === null) return {}
  return Object.fromEntries(Object.entries(value).slice(0, MOST_ATTRIBUTES)
    .filter((entry): entry is [string, string | number | boolean] => ['string', 'number', 'boolean'].includes(typeof entry[1])))
}
