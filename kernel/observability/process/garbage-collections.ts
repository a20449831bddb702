import { constants, PerformanceObserver, type PerformanceEntry } from 'node:perf_hooks'
import type { Histogram, Metrics } from '../../contract/index.js'

const BOUNDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1]

const KINDS: ReadonlyMap<unknown, string> = new Map([
  [constants.NODE_PERFORMANCE_GC_MAJOR, 'major'], [constants.NODE_PERFORMANCE_GC_MINOR, 'minor'],
  [constants.NODE_PERFORMANCE_GC_INCREMENTAL, 'incremental'], [constants.NODE_PERFORMANCE_GC_WEAKCB, 'weak'],
])

/** How often and for how long the main thread stands still to free memory. */
export class GarbageCollections {
  private readonly durations: Histogram
  private readonly observer: PerformanceObserver

  constructor (metrics: Metrics) {
    this.durations = metrics.histogram(
      'nodejs_gc_duration_seconds', 'Time that the main thread stood still to free memory.', BOUNDS, ['kind'])
    this.observer = new PerformanceObserver(list => { for (const entry of list.getEntries()) this.note(entry) })
  }

  start (): void {
    this.observer.observe({ entryTypes: ['gc'] })
  }

  stop (): void {
    this.observer.disconnect()
  }

  private note (entry: PerformanceEntry): void {
    const detail: unknown = 'detail' in entry ? entry.detail : undefined
    const kind: unknown = typeof detail === 'object' && detail !== null && 'kind' in detail ? detail.kind : undefined
    this.durations.record(entry.duration / 1_000, { kind: KINDS.get(kind) ?? 'other' })
  }
}
