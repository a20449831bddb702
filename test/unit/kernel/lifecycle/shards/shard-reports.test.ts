import { expect } from 'chai'
import type { ShardEvent } from '../../../../../kernel/lifecycle/shards/shard-control.js'
import { SHARD_FIGURE, SHARD_WORD, ShardCounters, sharedMemory } from '../../../../../kernel/lifecycle/shards/shard-memory.js'
import { REPORTS_AHEAD, ShardReports } from '../../../../../kernel/lifecycle/shards/shard-reports.js'
import { SpanBudget } from '../../../../../kernel/observability/span-budget.js'
import type { MessageSpan } from '../../../../../kernel/routing/tracing/message-span.js'
import { UNDELIVERABLE } from '../../../../../kernel/routing/undeliverable.js'

const SPAN: MessageSpan = {
  kind: 'timer', traceId: '11'.repeat(16), spanId: '22'.repeat(8), parentSpanId: '', startedAt: 1, endedAt: 2,
  head: undefined, size: 0, agent: 2, waited: 0, failure: '',
}

describe('the reports of a shard', () => {
  let counters: ShardCounters
  let told: ShardEvent[]
  let reports: ShardReports
  let budget: SpanBudget
  let now: number
  let spans: ReadonlyArray<readonly MessageSpan[]>

  beforeEach(() => {
    counters = new ShardCounters(sharedMemory(1, 1).counters[1] ?? new SharedArrayBuffer(0))
    told = []
    now = 1_000
    budget = new SpanBudget({ spans_per_second: 1, spans_burst: 1_000 }, () => 0)
    spans = []
    const tell = (event: ShardEvent): void => {
      told.push(event)
      if (event.kind === 'spans') spans = [...spans, event.spans]
    }
    reports = new ShardReports(counters, tell, budget, () => now)
  })

  it('come in batches, and not at all when there is nothing to say', () => {
    reports.flush()
    reports.log({ handle: 2, at: 1, level: 1, text: 'one' })
    reports.log({ handle: 2, at: 1, level: 1, text: 'two' })
    reports.watch(Uint8Array.of(9, 1, 2, 9), 1, 2, -1)
    reports.deadLetter(Uint8Array.of(9, 3, 4, 9), 1, 2, 'MAILBOX_FULL')
    reports.flush()
    reports.flush()
    expect(told.map(({ kind }) => kind)).to.deep.equal(['logs', 'taps', 'letters'])
    expect(told[1]).to.deep.include({ frames: [Uint8Array.of(1, 2)], outcomes: [-1], skipped: 0 })
    expect(told[2]).to.deep.include({ frames: [Uint8Array.of(3, 4)], reasons: [UNDELIVERABLE.indexOf('MAILBOX_FULL')] })
  })

  it('wait while main is far behind: what has gathered is bounded, the rest is counted, and all goes on when main has caught up', () => {
    const line = { handle: 2, at: 1, level: 1, text: '' }
    for (let count = 0; count < REPORTS_AHEAD + 400; count++) {
      reports.log(line)
      reports.flush()
    }
    expect(told).to.have.length(REPORTS_AHEAD)
    expect(counters.read(SHARD_FIGURE.logsLost)).to.equal(400 - 256)
    reports.announce({ handle: 2, notice: { kind: 'withdraws', name: 'a' } })
    reports.flush()
    expect(told.at(-1)?.kind).to.equal('announced')
    Atomics.add(counters.words, SHARD_WORD.reportsTaken, 1)
    reports.flush()
    reports.log(line)
    reports.flush()
    expect(told.at(-1)).to.have.property('lines').with.length(256)
    reports.flush(true)
    expect(told.at(-1)).to.have.property('lines').with.length(1)
  })

  it('carry announcements together, ahead of everything else', () => {
    reports.log({ handle: 2, at: 1, level: 1, text: 'one' })
    reports.announce({ handle: 2, notice: { kind: 'withdraws', name: 'a' } })
    reports.announce({ handle: 3, notice: { kind: 'withdraws', name: 'b' } })
    reports.flush()
    reports.flush()
    expect(told.map(({ kind }) => kind)).to.deep.equal(['announced', 'logs'])
    const announced = [[2, 'a'], [3, 'b']].map(([handle, name]) => ({ handle, notice: { kind: 'withdraws', name } }))
    expect(told[0]).to.deep.include({ announced })
  })

  it('gather spans for 20 ms, or half a batch of them, and hold back none when an agent ends', () => {
    const told = (): number[] => spans.map(({ length }) => length)
    expect(reports.due).to.equal(Infinity)
    reports.span(SPAN)
    reports.span(SPAN)
    reports.flush()
    expect([told(), reports.due]).to.deep.equal([[], now + 20])
    now += 20
    reports.flush()
    expect([told(), reports.due]).to.deep.equal([[2], Infinity])
    for (let count = 0; count < 128; count++) reports.span(SPAN)
    expect(reports.due).to.be.at.most(now)
    reports.flush()
    reports.span(SPAN)
    reports.flush(true)
    expect(told()).to.deep.equal([2, 128, 1])
  })

  it('have nothing due while main is far behind: it would wake the shard for nothing', () => {
    reports.span(SPAN)
    for (let count = 0; count < REPORTS_AHEAD; count++) {
      reports.log({ handle: 2, at: 1, level: 1, text: '' })
      reports.flush()
    }
    expect(reports.due).to.equal(Infinity)
    Atomics.add(counters.words, SHARD_WORD.reportsTaken, 1)
    expect(reports.due).to.equal(now + 20)
  })

  it('leave announcements to an answer that takes them along', () => {
    reports.announce({ handle: 2, notice: { kind: 'withdraws', name: 'a' } })
    expect(reports.takeAnnounced()).to.deep.equal([{ handle: 2, notice: { kind: 'withdraws', name: 'a' } }])
    reports.flush()
    expect(told).to.deep.equal([])
  })

  it('lose no announcement, however many there are', () => {
    for (let count = 0; count < 300; count++) reports.announce({ handle: count, notice: { kind: 'withdraws', name: 'a' } })
    reports.flush()
    expect(told.flatMap(event => event.kind === 'announced' ? event.announced : [])).to.have.length(300)
    expect(told).to.have.length(2)
  })

  it('are bounded, and count what they leave out', () => {
    for (let count = 0; count < 300; count++) {
      reports.log({ handle: 2, at: 1, level: 1, text: '' })
      reports.watch(new Uint8Array(96), 0, 96, -1)
      reports.deadLetter(new Uint8Array(96), 0, 96, 'MAILBOX_FULL')
    }
    reports.flush()
    expect(counters.read(SHARD_FIGURE.logsLost)).to.equal(44)
    expect(counters.read(SHARD_FIGURE.lettersLost)).to.equal(44)
    expect(counters.read(SHARD_FIGURE.failed)).to.equal(300)
    expect(told[1]).to.deep.include({ skipped: 44 })
  })

  it('are bounded in the bytes of dead letters', () => {
    for (let count = 0; count < 12; count++) reports.deadLetter(new Uint8Array(1_000_000), 0, 1_000_000, 'MAILBOX_FULL')
    expect(counters.read(SHARD_FIGURE.lettersLost)).to.be.at.least(4)
  })
})
