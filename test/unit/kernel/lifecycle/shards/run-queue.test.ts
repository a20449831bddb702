import { expect } from 'chai'
import { NameTable } from '../../../../../kernel/routing/directory/name-table.js'
import { RunQueue } from '../../../../../kernel/lifecycle/shards/run-queue.js'
import { ShardAgent } from '../../../../../kernel/lifecycle/shards/shard-agent.js'

const agent = (slot: number): ShardAgent => new ShardAgent({
  handle: slot + 2, generation: 1, slot, name: `agent-${slot}`, module: 'm', granted: [], mailboxMessages: 1,
  scopes: undefined, messageRate: 0, logLines: 100,
  limits: { memoryBytes: 65_536, fuelPerMessage: 1_000, fuelPerStart: 1_000, messageBytes: 1_024 },
  configuration: new Uint8Array(0), state: undefined, stateVersion: 1, isShadow: false, timers: [],
}, undefined, new NameTable())

describe('the run queue', () => {
  it('serves agents in the order in which they came, each once however often it was added', () => {
    const queue = new RunQueue()
    const [one, two] = [agent(0), agent(1)]
    for (const each of [one, two, one, two]) queue.add(each)
    expect([queue.take(), queue.take(), queue.take()]).to.deep.equal([one, two, undefined])
    expect(queue.isEmpty).to.equal(true)
  })

  it('takes an agent again once it was served', () => {
    const queue = new RunQueue()
    const [one, two] = [agent(0), agent(1)]
    queue.add(one)
    queue.add(two)
    queue.add(queue.take() ?? two)
    expect([queue.take(), queue.take()]).to.deep.equal([two, one])
  })

  it('loses nobody when an agent that is gone still stands in it and another has its slot', () => {
    const queue = new RunQueue()
    const all = [agent(0), agent(1), agent(0), agent(1)]
    for (const each of all) queue.add(each)
    expect(all.map(() => queue.take())).to.deep.equal(all)
  })
})
