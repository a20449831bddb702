import type { TraceSpan } from '../proto/caxton/v1/telemetry_pb.js'
import { stepsOf, type TraceStep } from './trace-steps.js'

/** A line of a trace. */
export interface TraceRow {
  /** When it began, from the beginning of the trace, in milliseconds. */
  readonly at: number
  /** Of a message: the time from its sending to the beginning of its handling, in milliseconds. */
  readonly delivery: number | undefined
  /** How long it took: of a message, its handling. */
  readonly took: number | undefined
  /** Where, and if it went elsewhere, where to. */
  readonly node: string
  /** With the lines of the tree before it. */
  readonly what: string
  readonly span: TraceSpan
}

/**
 * The lines of a trace. What a step alone caused stands below it; where it caused several, branches go off, so that a long conversation
 * stays narrow.
 */
export function rowsOf (spans: readonly TraceSpan[]): readonly TraceRow[] {
  const steps = stepsOf(spans)
  const begin = Math.min(...spans.map(({ startedAt }) => startedAt))
  const rows: TraceRow[] = []
  const add = (step: TraceStep, before: string, below: string): void => {
    rows.push(rowOf(step, begin, before))
    const { children } = step
    children.forEach((child, index) => {
      const isLast = index === children.length - 1
      if (children.length === 1) add(child, below, below)
      else add(child, `${below}${isLast ? '└─ ' : '├─ '}`, `${below}${isLast ? '   ' : '│  '}`)
    })
  }
  for (const step of steps) add(step, '', '')
  return rows
}

function rowOf ({ span, way }: TraceStep, begin: number, before: string): TraceRow {
  const last = way.at(-1)
  const isMessage = span.kind === 'producer'
  const handling = isMessage && last?.kind === 'consumer' ? last : undefined
  const failure = handling?.failure === undefined || handling.failure === '' ? span.failure : handling.failure
  const taken = isMessage ? handling : span
  const isTaken = taken !== undefined && !taken.name.startsWith('receive ')
  return {
    at: span.startedAt - begin,
    delivery: handling === undefined ? undefined : Math.max(0, handling.startedAt - span.startedAt),
    took: isTaken ? taken.endedAt - taken.startedAt : undefined,
    node: last === undefined || last.node === span.node ? span.node : `${span.node} → ${last.node}`,
    what: `${before}${whatOf(span)}${failure === '' ? '' : `  failed: ${failure}`}`,
    span,
  }
}

function whatOf ({ kind, name, attributes }: TraceSpan): string {
  const act = attributes['caxton.message.act']
  const receiver = attributes['messaging.destination.name'] ?? 'unknown'
  const sender = attributes['caxton.message.sender'] ?? 'unknown'
  if (act === undefined) return name.replace(/^caxton\.v1\./, '')
  const speaker = attributes['caxton.message.platform'] === 'true' ? ' (from the platform)' : ''
  if (kind === 'producer') return `${sender} → ${receiver}: ${act}${speaker}`
  return `${receiver} handles ${act} of ${sender}`
}
