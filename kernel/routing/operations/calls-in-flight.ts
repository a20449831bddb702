import {
  abortReason, type Clock, type Counter, type Gauge, type Histogram, type Metrics, type OperationInfo,
} from '../../contract/index.js'
import { CallCancelled, RateLimited } from './operation-errors.js'

/**
 * Most calls under way at once. Streams that stay open are counted apart, so that people who watch can't keep others
 * out.
 */
export const MOST_IN_FLIGHT = { call: 1_000, stream: 1_000 } as const

/** Seconds; the buckets of Caxton 0.1. */
const BOUNDS = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10]

/** When the caller may try again, in milliseconds. */
const PAUSE = 1_000

/** One call that is under way. */
export interface Flight {
  readonly kind: keyof typeof MOST_IN_FLIGHT
  /** Aborts when the caller is gone or the server stops. */
  readonly signal: AbortSignal
  /** Throws `RATE_LIMITED` when too many others are under way, `CALL_CANCELLED` when the server has stopped. */
  ensureRoom (): void
  /** Call once, with `ok` or the error's code. */
  end (result: string): void
}

/** Counts, bounds, aborts and measures the calls that are under way. */
export class CallsInFlight {
  private readonly counts = { call: 0, stream: 0 }
  private readonly stopping = new AbortController()
  private readonly aborts = new Set<() => void>()
  private readonly results: Counter
  private readonly durations: Histogram
  private readonly open: Gauge

  constructor (metrics: Metrics, private readonly clock: Clock) {
    this.results = metrics.counter(
      'caxton_operations_total', 'Operations by name and result: ok or an error code.', ['operation', 'result'])
    this.durations = metrics.histogram(
      'caxton_operation_duration_seconds', 'Time from the arrival of a call to its end.', BOUNDS, ['operation'])
    this.open = metrics.gauge('caxton_operations_open', 'Operations under way, calls and streams.', ['kind'])
  }

  begin (operation: OperationInfo, caller: AbortSignal, kind: Flight['kind']): Flight {
    const began = this.clock.elapsed()
    const controller = new AbortController()
    const follow = (): void => { controller.abort(caller.reason) }
    const stop = (): void => { controller.abort(CallCancelled({ operation: operation.name })) }
    if (caller.aborted) follow()
    else caller.addEventListener('abort', follow)
    this.aborts.add(stop)
    this.count(kind, 1)
    return {
      kind,
      signal: controller.signal,
      ensureRoom: () => { this.ensureRoom(operation, kind, controller.signal) },
      end: result => {
        caller.removeEventListener('abort', follow)
        this.aborts.delete(stop)
        this.count(kind, -1)
        this.results.add(1, { operation: operation.name, result })
        this.durations.record((this.clock.elapsed() - began) / 1_000, { operation: operation.name })
      },
    }
  }

  stop (): void {
    this.stopping.abort()
    for (const abort of this.aborts) abort()
  }

  private ensureRoom (operation: OperationInfo, kind: Flight['kind'], signal: AbortSignal): void {
    if (this.stopping.signal.aborted) throw CallCancelled({ operation: operation.name })
    if (signal.aborted) throw abortReason(signal)
    if (this.counts[kind] <= MOST_IN_FLIGHT[kind]) return
    const because = `${MOST_IN_FLIGHT[kind]} ${kind}s are under way`
    throw RateLimited({ operation: operation.name, because, retryAfter: PAUSE })
  }

  private count (kind: Flight['kind'], by: number): void {
    this.counts[kind] += by
    this.open.set(this.counts[kind], { kind })
  }
}
