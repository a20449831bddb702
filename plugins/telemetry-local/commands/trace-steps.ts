import type { TraceSpan } from '../proto/caxton/v1/telemetry_pb.js'

/**
 * One step of a trace as people see it: a message from its sending to the end of its handling, whatever nodes lie between; or any other
 * span.
 */
export interface TraceStep {
  readonly span: TraceSpan
  /** Of a message: the spans of its hops between nodes, and of its handling. */
  readonly way: readonly TraceSpan[]
  readonly children: readonly TraceStep[]
}

const idOf = ({ traceId, spanId }: TraceSpan): string => `${traceId} ${spanId}`
const parentOf = ({ traceId, parentSpanId }: TraceSpan): string => `${traceId} ${parentSpanId}`

/** The steps that nothing known has caused, in the order of their beginnings, each with those that it caused. */
export function stepsOf (spans: readonly TraceSpan[]): readonly TraceStep[] {
  const ordered = [...spans].sort((one, other) => one.startedAt - other.startedAt)
  const known = new Set(ordered.map(idOf))
  const children = new Map<string, TraceSpan[]>()
  const roots: TraceSpan[] = []
  for (const span of ordered) {
    const parent = parentOf(span)
    if (!known.has(parent) || parent === idOf(span)) roots.push(span)
    else children.set(parent, [...children.get(parent) ?? [], span])
  }
  // What a node tells could go in a circle.
  const seen = new Set<string>()
  const step = (span: TraceSpan): TraceStep => {
    const way: TraceSpan[] = []
    const caused: TraceSpan[] = []
    let current: TraceSpan | undefined = span
    while (current !== undefined) {
      seen.add(idOf(current))
      const next: readonly TraceSpan[] = (children.get(idOf(current)) ?? []).filter(child => !seen.has(idOf(child)))
      const onward: TraceSpan | undefined = isOnTheWay(span, current) ? next.find(child => child.kind !== 'producer') : undefined
      if (onward !== undefined) way.push(onward)
      caused.push(...next.filter(child => child !== onward))
      current = onward
    }
    return { span, way, children: caused.map(step) }
  }
  return roots.map(step)
}

/** Whether what follows a span still belongs to the message that was sent by `first`: until it was handled. */
const isOnTheWay = (first: TraceSpan, { kind, name }: TraceSpan): boolean =>
  first.kind === 'producer' && (kind === 'producer' || name.startsWith('hop '))
