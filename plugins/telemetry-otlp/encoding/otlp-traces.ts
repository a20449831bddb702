import type { FinishedSpan, SpanKind } from '../../../kernel/contract/index.js'
import { attributesOf, nanosecondsOf, type OtlpOrigin } from './otlp-values.js'

/** opentelemetry.proto.trace.v1.Span.SpanKind */
const KINDS: Readonly<Record<SpanKind, number>> = { internal: 1, server: 2, client: 3, producer: 4, consumer: 5 }
/** opentelemetry.proto.trace.v1.Status.StatusCode */
const ERROR = 2

/** An ExportTraceServiceRequest in JSON (OTLP 1.3): ids are hexadecimal text, enumerations numbers. */
export const tracesRequest = (spans: readonly FinishedSpan[], { resource, scope }: OtlpOrigin): object =>
  ({ resourceSpans: [{ resource, scopeSpans: [{ scope, spans: spans.map(spanOf) }] }] })

function spanOf ({ traceId, spanId, parentSpanId, name, kind, startedAt, endedAt, attributes, failure }: FinishedSpan): object {
  return {
    traceId, spanId,
    ...parentSpanId === undefined ? {} : { parentSpanId },
    name, kind: KINDS[kind],
    startTimeUnixNano: nanosecondsOf(startedAt),
    endTimeUnixNano: nanosecondsOf(Math.max(startedAt, endedAt)),
    attributes: attributesOf(failure === undefined ? attributes : { ...attributes, 'error.type': failure }),
    status: failure === undefined ? {} : { code: ERROR, message: failure },
  }
}
