import { expect } from 'chai'
import type { Delivery } from '../../../kernel/contract/index.js'
import { compileAgent } from '../../support/compiled-agents.js'
import { SeededRandom } from '../../support/seeded-random.js'
import { jsonContent, type ServerClient } from '../../support/server-client.js'
import { ServerProcess, type ServerChoices } from '../../support/server-process.js'
import { TemporaryFolder } from '../../support/temporary-folder.js'
import { until } from '../../support/until.js'

const SETS = ['agents.shards=2', 'agents.restart_delay=5ms', 'messages.retry_delay=5ms']
const LONG = process.env['CAXTON_TEST_LONG'] === '1'
const KILLS = LONG ? 50 : 3
const NEGOTIATION_KILLS = LONG ? 50 : 2
/** Thousands of entries are to be told in one answer. */
const PLENTY = { fuelPerMessage: 1_000_000_000n }
/** Callers that send at once. */
const CALLERS = 8
/** Messages that wait for a stopped agent: more than are held in memory, and how many come after them. */
const BACKLOG = 5_000
const MORE = 20_000
/** Bytes of memory that each of these may take: what the server holds beside them varies by some hundred thousand. */
const WAITING = 32

describe('Messages that must not be lost', function () {
  this.timeout(LONG ? 600_000 : 60_000)
  let folder: TemporaryFolder
  let ledger: Uint8Array
  const servers: ServerProcess[] = []

  before(() => { ledger = compileAgent('test/fixtures/agents/assembly/ledger.ts') })
  beforeEach(() => { folder = new TemporaryFolder() })
  afterEach(async () => {
    for (const server of servers.splice(0)) await server.kill()
    folder.remove()
  })

  const started = async (choices: ServerChoices = {}): Promise<ServerProcess> => {
    const server = await ServerProcess.start({ dataFolder: folder.path, sets: SETS, ...choices })
    servers.push(server)
    return server
  }

  const entriesOf = async (client: ServerClient, name: string): Promise<string[]> =>
    String(jsonContent(await client.ask(name)).entries).split(' ').filter(entry => entry !== '')

  const settled = async (client: ServerClient, name: string, wanted: Iterable<string>): Promise<string[]> => {
    let entries: string[] = []
    await until(async () => {
      entries = await entriesOf(client, name)
      const present = new Set(entries)
      return [...wanted].every(entry => present.has(entry))
    }, 20_000)
    return entries
  }

  it('waits for an agent that is stopped, also over kill -9, and keeps their order', async () => {
    const first = await started()
    await first.client().deploy('ledger', ledger)
    await first.client().stop('ledger')
    for (const text of ['one', 'two', 'three']) await first.client().tell('ledger', text, 'at-least-once')
    await first.kill()
    const second = await started()
    await second.client().start('ledger')
    expect(await settled(second.client(), 'ledger', ['three'])).to.deep.equal(['one', 'two', 'three'])
  })

  it('waits in the store, not in memory', async () => {
    const server = await started({ tellsMemory: true })
    const client = server.client()
    await client.deploy('ledger', ledger)
    await client.stop('ledger')
    const sender = compileAgent('scripts/bench/assembly/sender.ts')
    const send = (name: string, count: number): Promise<unknown> =>
      client.deploy(name, sender, { configuration: Buffer.from(JSON.stringify({ to: 'ledger', delivery: 1, every: 5, burst: 40, count })) })
    const waiting = async (): Promise<number> => await client.figure('caxton_durable_messages')
    await send('first', BACKLOG)
    await until(async () => await waiting() === BACKLOG)
    const before = await server.memoryInUse()
    await send('second', MORE)
    await until(async () => await waiting() === BACKLOG + MORE, 40_000)
    expect(await server.memoryInUse() - before).to.be.below(WAITING * MORE)
  })

  it('delivers what a caller says again with the same key once, also over kill -9', async () => {
    const first = await started()
    await first.client().deploy('ledger', ledger, { delivery: 'exactly-once' })
    expect(await first.client().tellOnce('ledger', 'one', 'k')).to.equal(false)
    expect(await settled(first.client(), 'ledger', ['one'])).to.deep.equal(['one'])
    await first.kill()
    const second = await started()
    expect(await second.client().tellOnce('ledger', 'again', 'k')).to.equal(true)
    expect(await second.client().tellOnce('ledger', 'two', 'l')).to.equal(false)
    expect(await settled(second.client(), 'ledger', ['two'])).to.deep.equal(['one', 'two'])
  })

  it('gives a message up after its retries, tells so by a dead letter, and goes on with the others', async () => {
    const client = (await started()).client()
    for (const [name, delivery] of [['least', 'at-least-once'], ['exact', 'exactly-once']] as const) {
      await client.deploy(name, ledger, { delivery })
      for (const text of ['before', 'trap', 'after']) await client.send(name, { performative: 'inform', content: Buffer.from(text) })
      // What the agent remembers is kept with exactly-once messages only.
      expect(await settled(client, name, ['after']), name).to.deep.equal(name === 'exact' ? ['before', 'after'] : ['after'])
    }
    await until(async () => (await client.status()).deadLetters >= 2n)
  })

  it('goes back to its senders when its receiver is removed', async () => {
    const client = (await started()).client()
    await client.deploy('ledger', ledger)
    await client.stop('ledger')
    await client.tell('ledger', 'lost', 'at-least-once')
    await client.remove('ledger')
    await until(async () => (await client.status()).deadLetters === 1n)
  })

  it('keeps a timer that was set for an exactly-once message over kill -9, and what was done when it fired', async () => {
    const first = await started()
    await first.client().deploy('ledger', ledger, { delivery: 'exactly-once' })
    await first.client().tell('ledger', 'alarm', 'exactly-once')
    await settled(first.client(), 'ledger', ['alarm'])
    await first.kill()
    const second = await started()
    expect(await settled(second.client(), 'ledger', ['rang'])).to.deep.equal(['alarm', 'rang'])
    await second.kill()
    const third = await started()
    expect(await settled(third.client(), 'ledger', ['rang'])).to.deep.equal(['alarm', 'rang'])
  })

  it('resumes its exactly-once conversations where they were, killed at any moment', async () => {
    const random = new SeededRandom(Number(process.env['CAXTON_TEST_SEED'] ?? 1))
    const told = new Set<string>()
    const dealer = compileAgent('test/fixtures/agents/assembly/dealer.ts')
    const sets = [...SETS, 'conversations.max_of_one=65536', 'conversations.tick=500ms']
    let serial = 0
    let server = await started({ sets })
    for (const [name, partner] of [['buyer', 'seller'], ['seller', '']] as const) {
      await server.client().deploy(name, dealer, { configuration: Buffer.from(partner), delivery: 'exactly-once', limits: PLENTY })
    }
    expect(new Set((await server.client().list()).map(({ shard }) => shard)), 'they live in two threads').to.have.property('size', 2)
    for (let kill = 0; kill < NEGOTIATION_KILLS; kill++) {
      const client = server.client()
      let isOver = false
      const telling = Array.from({ length: CALLERS }, async () => {
        while (!isOver) {
          const text = `m${serial++}`
          try {
            await client.tell('buyer', text, 'exactly-once')
            told.add(text)
          } catch {
            return
          }
        }
      })
      await until(() => told.size > (kill + 1) * 20 + random.fraction() * 100)
      await server.kill()
      isOver = true
      await Promise.all(telling)
      server = await started({ sets })
    }
    const client = server.client()
    const entriesOfDealer = async (name: string): Promise<string[]> =>
      String(jsonContent(await client.ask(name, { content: Buffer.from('entries') })).entries).split(' ')
    await until(async () => {
      const present = new Set(await entriesOfDealer('buyer'))
      return [...told].every(text => present.has(`inform:${text}`)) && (await client.conversations()).length === 0
    }, 30_000)
    const entries = await entriesOfDealer('buyer')
    const asked = entries.flatMap(entry => entry.startsWith('tell:') ? entry.slice(5) : [])
    expect(entries.sort()).to.deep.equal(asked.flatMap(text => [`tell:${text}`, `agree:${text}`, `inform:${text}`]).sort())
    expect((await entriesOfDealer('seller')).sort()).to.deep.equal(asked.map(text => `request:${text}`).sort())
    expect((await client.status()).deadLetters).to.equal(0n)
  }).timeout(LONG ? 600_000 : 120_000)

  for (const delivery of ['at-least-once', 'exactly-once'] satisfies Delivery[]) {
    it(`survives kill -9 at any moment, ${delivery}`, async () => {
      const random = new SeededRandom(Number(process.env['CAXTON_TEST_SEED'] ?? 1))
      const accepted = new Set<string>()
      const sent = new Set<string>()
      let serial = 0
      let server = await started()
      await server.client().deploy('book', ledger, { limits: PLENTY })
      await server.client().deploy('ledger', ledger, { configuration: Buffer.from('book'), delivery, limits: PLENTY })
      for (let kill = 0; kill < KILLS; kill++) {
        const client = server.client()
        let isOver = false
        const sending = Array.from({ length: CALLERS }, async () => {
          while (!isOver) {
            const text = `m${serial++}`
            sent.add(text)
            try {
              await client.tell('ledger', text, delivery)
              accepted.add(text)
            } catch {
              return
            }
          }
        })
        await until(() => accepted.size > (kill + 1) * 40 + random.fraction() * 200)
        await server.kill()
        isOver = true
        await Promise.all(sending)
        server = await started()
      }
      const client = server.client()
      // What the first one remembers is kept with exactly-once messages only; what it sent is not lost in any case.
      for (const name of delivery === 'exactly-once' ? ['ledger', 'book'] : ['book']) {
        const entries = await settled(client, name, accepted)
        for (const text of entries) expect(sent.has(text), `${name} has what nobody sent`).to.equal(true)
        if (delivery === 'exactly-once') expect(new Set(entries).size, `${name} has something twice`).to.equal(entries.length)
      }
    })
  }
})
