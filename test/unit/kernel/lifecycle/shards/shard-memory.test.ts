import { expect } from 'chai'
import { measureAgents } from '../../../../../kernel/lifecycle/agents/agent-metrics.js'
import {
  AGENT_FIGURE, LATENCY_BOUNDS, SHARD_FIGURE, SHARD_WORD, ShardCounters, sharedMemory,
} from '../../../../../kernel/lifecycle/shards/shard-memory.js'
import { MetricsRegistry } from '../../../../../kernel/observability/metrics.js'

const counters = (): ShardCounters => new ShardCounters(sharedMemory(1, 4).counters[1] ?? new SharedArrayBuffer(0))

describe('the figures of a shard', () => {
  it('are seen by every thread that shares the memory', () => {
    const memory = sharedMemory(1, 4).counters[1] ?? new SharedArrayBuffer(0)
    const [writer, reader] = [new ShardCounters(memory), new ShardCounters(memory)]
    writer.add(SHARD_FIGURE.delivered)
    writer.add(SHARD_FIGURE.pending, 5)
    writer.addAgent(3, AGENT_FIGURE.fuel, 1_000)
    expect([reader.read(SHARD_FIGURE.delivered), reader.read(SHARD_FIGURE.pending)]).to.deep.equal([1, 5])
    expect(reader.readAgent(3, AGENT_FIGURE.fuel)).to.equal(1_000)
  })

  it('of one agent never touch those of another, nor the shard\'s, nor the words', () => {
    const all = counters()
    for (let slot = 0; slot < 4; slot++) for (const figure of Object.values(AGENT_FIGURE)) all.setAgent(slot, figure, slot * 10 + figure)
    for (const figure of Object.values(SHARD_FIGURE)) all.add(figure, 100 + figure)
    for (const word of Object.values(SHARD_WORD)) all.words[word] = word + 1
    for (const bound of [...LATENCY_BOUNDS, 1e9]) all.recordLatency(bound)
    all.clearAgent(1)
    for (const slot of [0, 2, 3]) {
      for (const figure of Object.values(AGENT_FIGURE)) expect(all.readAgent(slot, figure)).to.equal(slot * 10 + figure)
    }
    for (const figure of Object.values(SHARD_FIGURE)) expect(all.read(figure)).to.equal(100 + figure)
    for (const word of Object.values(SHARD_WORD)) expect(all.words[word]).to.equal(word + 1)
    expect(all.readAgent(1, AGENT_FIGURE.fuel)).to.equal(0)
  })

  it('sort times into buckets by their upper bounds, with one for what is slower', () => {
    const all = counters()
    for (const time of [0, 1, 1.01, 15, 100_000, 100_001]) all.recordLatency(time)
    const counts = all.latency()
    const of15 = LATENCY_BOUNDS.indexOf(15)
    expect([counts[0], counts[1], counts[of15], counts.at(-2), counts.at(-1)]).to.deep.equal([2, 1, 1, 1, 1])
    expect(counts).to.have.length(LATENCY_BOUNDS.length + 1)
  })

  it('tell times in clean slices from all times', () => {
    const all = counters()
    all.recordLatency(9)
    all.endSlice(true)
    all.recordLatency(9)
    all.endSlice(false)
    all.recordLatency(9)
    const total = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0)
    expect([total(all.latency('raw')), total(all.latency('clean'))]).to.deep.equal([3, 1])
  })

  it('become metrics of all shards together, each figure counted once however often they are read', () => {
    const [one, other] = [counters(), counters()]
    const metrics = new MetricsRegistry()
    measureAgents(metrics, {
      main: {},
      agents: { size: 3, running: 2 }, counters: [one, other], callers: { unclaimed: 4 }, deadLetters: { counted: 5, kept: 1 },
      durable: { delivery: { waiting: 6, retried: 2 }, acceptance: { duplicates: 8 } },
    })
    for (const shard of [one, other]) {
      shard.add(SHARD_FIGURE.lost, 7)
      shard.add(SHARD_FIGURE.lettersLost, 1)
      shard.recordLatency(9)
    }
    metrics.snapshot()
    one.add(SHARD_FIGURE.lost)
    one.recordLatency(1e9)
    const read = new Map(metrics.snapshot().map(({ name, samples }) => [name, samples]))
    const value = (name: string): number | undefined => read.get(name)?.[0]?.value
    expect(value('caxton_messages_lost_total')).to.equal(15)
    expect(value('caxton_dead_letters_total')).to.equal(7)
    expect([value('caxton_agents'), value('caxton_agents_active'), value('caxton_answers_unclaimed_total')]).to.deep.equal([3, 2, 4])
    expect([value('caxton_durable_messages'), value('caxton_durable_retries_total')]).to.deep.equal([6, 2])
    const raw = read.get('caxton_message_routing_duration_seconds')?.find(({ labels }) => labels['sample'] === 'raw')
    expect(raw).to.have.nested.property(`counts.${LATENCY_BOUNDS.length}`, 3)
  })
})
