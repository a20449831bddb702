import { expect } from 'chai'
import {
  AGENT_FIGURE, LATENCY_BOUNDS, SHARD_FIGURE, SHARD_WORD, ShardCounters, sharedMemory,
} from '../../../../../kernel/lifecycle/agents/shard-memory.js'

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
    const of = (bound: typeof LATENCY_BOUNDS[number]): number | undefined => counts[LATENCY_BOUNDS.indexOf(bound)]
    expect([of(1), of(2), of(15), of(100_000), counts.at(-1)]).to.deep.equal([2, 1, 1, 1, 1])
    expect(counts).to.have.length(LATENCY_BOUNDS.length + 1)
  })

  it('count as clean only what was recorded in slices in which the thread kept its core', () => {
    const all = counters()
    all.recordLatency(1)
    all.endSlice(true)
    all.recordLatency(1)
    all.endSlice(false)
    all.recordLatency(1)
    expect([all.latency('raw')[0], all.latency('clean')[0]]).to.deep.equal([3, 1])
  })
})
