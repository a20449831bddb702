import { expect } from 'chai'
import type { Health } from '../../../../kernel/contract/index.js'
import { HealthBoard } from '../../../../kernel/observability/health.js'
import { measureHealth } from '../../../../kernel/observability/health-metrics.js'
import { MetricsRegistry } from '../../../../kernel/observability/metrics.js'

describe('the metrics of health', () => {
  it('say what /ready and /health say, as it is when they are read', () => {
    const board = new HealthBoard()
    const metrics = new MetricsRegistry()
    let state: Health['state'] = 'ready'
    board.watch('store', () => ({ state }))
    measureHealth(metrics, board)
    const read = (): unknown => metrics.snapshot()
      .map(({ samples }) => samples.filter(({ value }) => value === 1).map(({ labels }) => labels))
    board.enter('serving')
    expect(read()).to.deep.equal([[{ part: 'store', state: 'ready' }], [{}]])
    state = 'failed'
    expect(read()).to.deep.equal([[{ part: 'store', state: 'failed' }], []])
  })
})
