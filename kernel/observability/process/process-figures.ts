import { readdirSync, readFileSync } from 'node:fs'
import { performance } from 'node:perf_hooks'
import { getHeapStatistics } from 'node:v8'
import type { Counter, Metrics } from '../../contract/index.js'

const DESCRIPTORS = '/proc/self/fd'
const LIMITS = '/proc/self/limits'

/**
 * What this process takes of the machine, read whenever somebody reads the metrics. Named as every client of Prometheus names it
 * (https://prometheus.io/docs/instrumenting/writing_clientlibs/#process-metrics), so that dashboards made for others fit.
 */
export function measureProcess (metrics: Metrics, startedAt: number): void {
  const cpu = growing(metrics.counter('process_cpu_seconds_total', 'Time on processors, of all threads, in user code and in the system.'))
  const active = growing(metrics.counter('nodejs_eventloop_active_seconds_total', 'Time in which the main thread had something to do.'))
  const resident = metrics.gauge('process_resident_memory_bytes', 'Memory of the process that is in the machine\'s.')
  const begun = metrics.gauge('process_start_time_seconds', 'When the server started, in seconds since the Unix epoch.')
  const used = metrics.gauge('nodejs_heap_size_used_bytes', 'Memory in the heap of the main thread that is used.')
  const total = metrics.gauge('nodejs_heap_size_total_bytes', 'Memory that the heap of the main thread has taken.')
  const limit = metrics.gauge('nodejs_heap_size_limit_bytes', 'Memory that the heap of the main thread may take at most.')
  const external = metrics.gauge('nodejs_external_memory_bytes', 'Memory outside the heap that objects of the main thread hold.')
  metrics.onCollect(() => {
    const { user, system } = process.cpuUsage()
    const heap = getHeapStatistics()
    cpu((user + system) / 1e6)
    active(performance.eventLoopUtilization().active / 1e3)
    resident.set(process.memoryUsage.rss())
    begun.set(startedAt / 1e3)
    used.set(heap.used_heap_size)
    total.set(heap.total_heap_size)
    limit.set(heap.heap_size_limit)
    external.set(heap.external_memory)
  })
  measureDescriptors(metrics)
}

/** Linux only; elsewhere they are not shown. */
function measureDescriptors (metrics: Metrics): void {
  const open = metrics.gauge('process_open_fds', 'Files and connections that are open.')
  const most = metrics.gauge('process_max_fds', 'Files and connections that may be open at most.')
  metrics.onCollect(() => {
    // The folder of the process itself, which the system makes up in memory: reading it waits for no disk.
    open.set(readdirSync(DESCRIPTORS).length)
    const limit = /^Max open files +(\d+)/m.exec(readFileSync(LIMITS, 'latin1'))?.[1]
    if (limit !== undefined) most.set(Number(limit))
  })
}

/** Brings a counter to what was counted elsewhere. */
function growing (counter: Counter): (now: number) => void {
  let seen = 0
  return now => {
    counter.add(now - seen)
    seen = Math.max(seen, now)
  }
}
