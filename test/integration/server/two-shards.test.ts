import { expect } from 'chai'
import { AgentState } from '../../../kernel/contract/index.js'
import { relayModule } from '../../support/hostile-modules.js'
import type { ServerClient } from '../../support/server-client.js'
import { ServerProcess } from '../../support/server-process.js'

const AGENTS = 200
const AT_ONCE = 8
/** Five times round: every second hop, or more, crosses from one shard to the other. */
const HOPS = AGENTS * 5

describe('A server with two shards', function () {
  this.timeout(60_000)
  let server: ServerProcess
  let client: ServerClient
  const names = Array.from({ length: AGENTS }, (_, index) => `relay-${index}`)

  before(async () => {
    server = await ServerProcess.start({ sets: ['agents.shards=2'] })
    client = server.client()
    const module = await relayModule()
    await eachAtOnce(names, async (name, index) => {
      await client.deploy(name, module, { configuration: Buffer.from(names[(index + 1) % AGENTS] ?? '') })
    })
  })

  after(async () => { expect(await server.stop()).to.equal(0) })

  const handOn = async (first: string, hops: number): Promise<string> => {
    const content = Buffer.alloc(20)
    content.writeInt32LE(hops)
    const answer = await client.ask(first, { performative: 'inform', content })
    expect(Buffer.from(answer.content).readInt32LE()).to.equal(0)
    return answer.sender
  }

  it('spreads its agents evenly', async () => {
    const agents = await client.list()
    expect(agents).to.have.length(AGENTS)
    for (const shard of [1, 2]) expect(agents.filter(agent => agent.shard === shard)).to.have.length(AGENTS / 2)
    for (const { name, state } of agents) expect(state, name).to.equal(AgentState.RUNNING)
  })

  it('hands messages from agent to agent across the shards, each to the right one', async () => {
    expect(await handOn('relay-0', 0)).to.equal('relay-0')
    expect(await handOn('relay-0', 1)).to.equal('relay-1')
    expect(await handOn('relay-7', HOPS)).to.equal('relay-7')
    await eachAtOnce(names, async (name, index) => {
      expect(await handOn(name, AGENTS - index)).to.equal('relay-0')
    })
    const handled = (await client.list()).reduce((sum, { messagesHandled }) => sum + Number(messagesHandled), 0)
    const sum = (AGENTS * (AGENTS + 1)) / 2
    expect(handled).to.equal(1 + 2 + HOPS + 1 + sum + AGENTS)
    expect(Number((await client.status()).deadLetters)).to.equal(0)
  })

  it('stops and removes them while messages go round, and has room again', async () => {
    const round = Promise.allSettled(Array.from({ length: 20 }, async (_, index) => handOn(`relay-${index}`, HOPS)))
    await eachAtOnce(names.filter((_, index) => index % 2 === 0), async name => { await client.stop(name) })
    const states = await client.list()
    for (const { name, state } of states) {
      const isEven = Number(name.slice('relay-'.length)) % 2 === 0
      expect(state, name).to.equal(isEven ? AgentState.STOPPED : AgentState.RUNNING)
    }
    await eachAtOnce(names, async name => { await client.remove(name) })
    expect(await client.list()).to.deep.equal([])
    await client.deploy('again', await relayModule(), { configuration: Buffer.from('again') })
    expect(await handOn('again', 10)).to.equal('again')
    expect((await client.status()).health).to.equal('ready')
    void round
  })
})

/** Does something for each, a few at once. */
async function eachAtOnce<T> (all: readonly T[], work: (one: T, index: number) => Promise<void>): Promise<void> {
  let next = 0
  const worker = async (): Promise<void> => {
    for (let index = next++; index < all.length; index = next++) {
      const one = all[index]
      if (one !== undefined) await work(one, index)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
}
