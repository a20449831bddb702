import { existsSync } from 'node:fs'
import { expect } from 'chai'
import { MetricsRegistry } from '../../../../../kernel/observability/metrics.js'
import { GarbageCollections } from '../../../../../kernel/observability/process/garbage-collections.js'
import { measureProcess } from '../../../../../kernel/observability/process/process-figures.js'
import { until } from '../../../../support/until.js'

describe('the figures of the process', () => {
  const read = (metrics: MetricsRegistry): Map<string, number | undefined> =>
    new Map(metrics.snapshot().map(({ name, samples }) => [name, samples[0]?.value]))

  it('are those of this process, and grow where they count', () => {
    const metrics = new MetricsRegistry()
    measureProcess(metrics, 1_700_000_000_000)
    const before = read(metrics)
    const began = process.cpuUsage()
    while (process.cpuUsage(began).user < 5_000) Math.hypot(1, 2)
    const after = read(metrics)
    expect(Number(after.get('process_cpu_seconds_total')) - Number(before.get('process_cpu_seconds_total'))).to.be.at.least(0.005)
    expect(after.get('process_start_time_seconds')).to.equal(1_700_000_000)
    for (const name of ['process_resident_memory_bytes', 'nodejs_heap_size_used_bytes', 'nodejs_heap_size_limit_bytes']) {
      expect(after.get(name), name).to.be.greaterThan(1e6)
    }
  })

  it('count the descriptors where the system tells them', function () {
    if (!existsSync('/proc/self/fd')) this.skip()
    const metrics = new MetricsRegistry()
    measureProcess(metrics, 0)
    const told = read(metrics)
    expect(told.get('process_open_fds')).to.be.within(3, Number(told.get('process_max_fds')))
  })

  it('tell how long the collection of garbage took, until they are stopped', async () => {
    const metrics = new MetricsRegistry()
    const collections = new GarbageCollections(metrics)
    collections.start()
    let kept: number[][] = []
    await until(() => {
      kept = Array.from({ length: 1_000 }, () => new Array<number>(100).fill(1))
      return metrics.snapshot()[0]?.samples.some(({ value }) => value > 0) === true
    })
    collections.stop()
    expect(kept).to.have.length(1_000)
    expect(['minor', 'major', 'incremental', 'weak']).to.include(metrics.snapshot()[0]?.samples[0]?.labels['kind'])
  })
})
