import type { Random } from './clock.js'
import type { TraceContext } from './observe.js'

/** version "00": 2 hex digits, trace id, parent id, flags; lower case only (W3C Trace Context level 1 §3.2). */
const TRACEPARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/
const LONGEST = 512
const SAMPLED = 1
const NO_TRACE = '0'.repeat(32)
const NO_SPAN = '0'.repeat(16)

/**
 * Reads a `traceparent` header (W3C Trace Context level 1 §3.2, §4.3). A higher version is read as far as version 00
 * goes; version ff, an all-zero id, upper-case digits or anything after a version 00 header make it invalid, and a
 * caller that sent an invalid one gets a new trace.
 */
export function parseTraceparent (header: string): TraceContext | undefined {
  if (header.length > LONGEST) return undefined
  const [, version, traceId, spanId, flags, more] = TRACEPARENT.exec(header) ?? []
  if (version === undefined || traceId === undefined || spanId === undefined || flags === undefined) return undefined
  if (version === 'ff' || traceId === NO_TRACE || spanId === NO_SPAN) return undefined
  if (version === '00' && more !== undefined) return undefined
  return { traceId, spanId, sampled: (Number.parseInt(flags, 16) & SAMPLED) !== 0 }
}

/** Writes a `traceparent` header, version 00. */
export function formatTraceparent (trace: TraceContext): string {
  return `00-${trace.traceId}-${trace.spanId}-${trace.sampled ? '01' : '00'}`
}

/** Begins a trace. */
export function newTrace (random: Random, sampled = true): TraceContext {
  return { traceId: hexId(random, 16), spanId: hexId(random, 8), sampled }
}

/** A span below another: the same trace, a new span id, sampled if the parent is. */
export function childOf (parent: TraceContext, random: Random): TraceContext {
  return { traceId: parent.traceId, spanId: hexId(random, 8), sampled: parent.sampled }
}

/** The specification forbids an id of zeros only; one draw in 2^64 has to be corrected. */
function hexId (random: Random, bytes: number): string {
  const id = Buffer.from(random.bytes(bytes)).toString('hex')
  return /[^0]/.test(id) ? id : id.slice(0, -1) + '1'
}
