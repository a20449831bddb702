import { expect } from 'chai'
import { CanaryWindow, ENOUGH } from '../../../../../kernel/lifecycle/agents/canary-window.js'
import { LATENCY_BOUNDS } from '../../../../../kernel/lifecycle/shards/shard-memory.js'

const BOUNDS = { errorPercent: 5, p99: 100 }
/** All messages in the bucket of one bound, in microseconds. */
const took = (microseconds: number, count: number): number[] =>
  [...LATENCY_BOUNDS, Infinity].map(bound => bound === microseconds ? count : 0)

describe('the window of a canary', () => {
  let window: CanaryWindow
  const sample = (at: number, handled: number, failed: number, buckets = took(100, handled + failed)): void =>
    window.add({ at, handled, failed, buckets })

  beforeEach(() => { window = new CanaryWindow(10_000) })

  it('has nothing to say before anything came, nor of a few messages', () => {
    expect(window.figures).to.deep.equal({ messages: 0, errorPercent: 0, p99: 0 })
    sample(1_000, 0, ENOUGH - 1)
    expect(window.verdict(BOUNDS)).to.equal(undefined)
    sample(2_000, 0, ENOUGH)
    expect(window.verdict(BOUNDS)).to.contain('100.0 % of its 20 messages failed, more than 5 %')
  })

  it('tolerates as many failures as it may, and no more', () => {
    sample(1_000, 95, 5)
    expect(window.verdict(BOUNDS)).to.equal(undefined)
    sample(2_000, 95, 6)
    expect(window.verdict(BOUNDS)).to.contain('5.9 % of its 101 messages failed')
  })

  it('tolerates one slow message in a hundred, and no more', () => {
    const slow = (count: number): number[] => took(10_000, 200 - count).map((fast, index) => fast + (took(100_000, count)[index] ?? 0))
    const strict = { errorPercent: 5, p99: 50 }
    sample(1_000, 200, 0, slow(2))
    expect(window.figures.p99).to.equal(10)
    expect(window.verdict(strict)).to.equal(undefined)
    window = new CanaryWindow(10_000)
    sample(1_000, 200, 0, slow(3))
    expect(window.figures.p99).to.equal(100)
    expect(window.verdict(strict)).to.contain('99 % of its 200 messages took up to 100 ms, more than 50 ms')
    expect(window.verdict(BOUNDS)).to.equal(undefined)
  })

  it('does not tolerate what is slower than anything that is told apart', () => {
    sample(1_000, 100, 0, took(Infinity, 100))
    expect(window.verdict({ errorPercent: 5, p99: 3_600_000 })).to.contain('longer than any bound')
  })

  it('forgets what is older than the window', () => {
    sample(0, 0, 100)
    for (let second = 1; second <= 10; second++) sample(second * 1_000, second * 10, 100)
    expect(window.figures).to.include({ messages: 100, errorPercent: 0 })
    expect(window.verdict(BOUNDS)).to.equal(undefined)
  })
})
