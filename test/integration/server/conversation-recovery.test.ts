import { setTimeout } from 'node:timers/promises'
import { expect } from 'chai'
import type { Conversation } from '../../../kernel/contract/index.js'
import { negotiatorModule } from '../../support/hostile-modules.js'
import type { ServerClient } from '../../support/server-client.js'
import { ServerProcess } from '../../support/server-process.js'
import { TemporaryFolder } from '../../support/temporary-folder.js'
import { until } from '../../support/until.js'

const SETS = ['agents.shards=2', 'agents.restart_delay=5ms']
/** So many times as long as a start, and so many milliseconds, are enough for the server to be there again before a deadline. */
const STARTS = 5
const SPARE = 3_000
/** The promise that is tested: what happened this long ago is kept. A tick (50 ms), and the commit of what it brought. */
const KEPT_WITHIN = 500
const PATIENCE = 30_000
const BUYERS = 4

describe('Conversations of a server that is killed', function () {
  this.timeout(90_000)
  let folder: TemporaryFolder
  const servers: ServerProcess[] = []

  beforeEach(() => { folder = new TemporaryFolder() })
  afterEach(async () => {
    for (const server of servers.splice(0)) await server.kill()
    folder.remove()
  })

  const started = async (): Promise<ServerProcess> => {
    const server = await ServerProcess.start({ dataFolder: folder.path, sets: SETS })
    servers.push(server)
    return server
  }
  const deploy = async (client: ServerClient): Promise<void> => {
    const module = await negotiatorModule()
    await client.deploy('seller', module)
    for (let buyer = 0; buyer < BUYERS; buyer++) {
      await client.deploy(`buyer-${buyer}`, module, { configuration: Buffer.from('seller') })
    }
  }
  /** What must be the same before and after. */
  const lasting = ({ id, protocol, initiator, openedAt, end, participants }: Conversation): unknown =>
    ({ id, protocol, initiator, openedAt, end, participants })
  const byId = (all: readonly Conversation[]): unknown[] => [...all].sort((one, other) => one.id < other.id ? -1 : 1).map(lasting)

  it('are there again in their states, with agents that a deadline reaches', async () => {
    const began = Date.now()
    const server = await started()
    const enough = (Date.now() - began) * STARTS + SPARE
    const client = server.client()
    await deploy(client)
    const replyBy = BigInt(Date.now() + enough)
    for (let buyer = 0; buyer < BUYERS; buyer++) await client.send(`buyer-${buyer}`, { performative: 'inform', replyBy })
    await until(async () => (await client.conversations()).length === BUYERS)
    const before = await client.conversations()
    expect(new Set(before.map(({ id }) => id.slice(0, 2))), 'they live in both shards').to.have.property('size', 2)
    await setTimeout(KEPT_WITHIN)
    await server.kill()

    const again = (await started()).client()
    expect(byId(await again.conversations())).to.deep.equal(byId(before))
    await until(async () => (await again.conversations()).length === 0, enough + PATIENCE)
    expect(Date.now()).to.be.at.least(Number(replyBy))
    for (const { id, initiator } of before) {
      expect(await again.conversation(id)).to.include({ end: 'deadline passed' })
      await until(async () => (await again.logs(initiator)).some(line => line.includes('DEADLINE_PASSED')), PATIENCE)
    }
  })

  it('are there as an operator\'s cancel left them, and those of callers end for their participants', async () => {
    const server = await started()
    const client = server.client()
    await deploy(client)
    await client.send('buyer-0', { performative: 'inform' })
    await until(async () => (await client.conversations()).length === 1)
    const [{ id } = { id: '' }] = await client.conversations()
    await client.cancelConversation(id)
    await client.send('seller', { protocol: 'fipa-request' })
    await until(async () => (await client.conversation(id)).participants[0]?.state === 'cancelling')
    await setTimeout(KEPT_WITHIN)
    await server.kill()

    const again = (await started()).client()
    const left = await again.conversations()
    expect(left.map(({ initiator, participants }) => [initiator, participants[0]?.state])).to.deep.equal([['buyer-0', 'cancelling']])
    await until(async () => (await again.logs('seller')).some(line => line.includes('INITIATOR_GONE')), PATIENCE)
  })
})
