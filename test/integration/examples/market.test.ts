import { join } from 'node:path'
import { expect } from 'chai'
import { Messages, type WatchMessagesResponse } from '../../../kernel/contract/index.js'
import { exampleModule, ROOT } from '../../support/compiled-agents.js'
import { jsonContent, type ServerClient } from '../../support/server-client.js'
import { ServerProcess } from '../../support/server-process.js'
import { until } from '../../support/until.js'

const SELLERS = ['cheap', 'dear', 'refusing', 'slow']

describe('The market of the examples', function () {
  this.timeout(90_000)
  let server: ServerProcess
  let client: ServerClient
  let leaving: AbortController
  let seen: WatchMessagesResponse[]

  const moduleOf = (name: string): Uint8Array => exampleModule(`market-${name}`) ?? expect.fail(`market-${name} was not built`)

  before(async () => {
    const [buyer, seller] = [moduleOf('buyer'), moduleOf('seller')]
    server = await ServerProcess.start({ environment: { CAXTON_CONFIG: join(ROOT, 'config', 'dev.toml') } })
    client = server.client()
    const open = (name: string, settings: object): Promise<unknown> =>
      client.deploy(name, name === 'buyer' ? buyer : seller, { configuration: Buffer.from(JSON.stringify(settings)) })
    await open('cheap', { character: 'cheap', price: 5 })
    await open('dear', { character: 'cheap', price: 9 })
    await open('refusing', { character: 'refusing' })
    await open('slow', { character: 'slow', price: 4 })
    await open('buyer', { wait: 1_500 })
  })

  after(async () => { expect(await server.stop()).to.equal(0) })

  beforeEach(() => {
    [leaving, seen] = [new AbortController(), []]
    void (async () => {
      for await (const each of client.connector.serverStream(Messages.method.watch, { agents: SELLERS }, leaving.signal)) seen.push(each)
    })().catch(() => {})
  })

  afterEach(() => { leaving.abort() })

  const order = (content: string) => client.ask('buyer', { content: Buffer.from(content) })

  /** What passed between the buyer and a seller, in order; `✗` where it did not arrive. */
  const saidWith = (name: string): string[] => seen.flatMap(({ message, outcome }) => {
    if (message === undefined || ![message.sender, message.receiver].includes(name)) return []
    return `${message.sender} ${message.performative}${outcome === 'delivered' ? '' : ' ✗'}`
  })

  it('sells by the cheapest of those who answer in time, to whom it owes an answer each', async () => {
    const answer = await order('{"buy":"tea"}')
    await until(() => saidWith('slow').includes('buyer reject-proposal') && saidWith('cheap').includes('cheap inform'))
    expect([answer.performative, jsonContent(answer)]).to.deep.equal(['inform', { delivered: 'tea', by: 'cheap', price: 5 }])
    expect(saidWith('cheap')).to.deep.equal(['buyer cfp', 'cheap propose', 'buyer accept-proposal', 'cheap inform'])
    expect(saidWith('dear')).to.deep.equal(['buyer cfp', 'dear propose', 'buyer reject-proposal'])
    expect(saidWith('refusing')).to.deep.equal(['buyer cfp', 'refusing refuse'])
    expect(saidWith('slow')).to.deep.equal(['buyer cfp', 'slow refuse', 'slow propose ✗', 'buyer reject-proposal'])
    const told = seen.flatMap(({ message }) => message?.performative === 'reject-proposal' && message.receiver === 'slow' ? message : [])
    expect(told.map(message => jsonContent(message)['code'])).to.deep.equal(['PROPOSAL_LATE'])
    expect(new Set(seen.map(({ message }) => message?.conversationId)).size).to.equal(1)
    expect(await client.logs('buyer')).to.include('bought tea from cheap for 5')
    expect((await client.logs('slow')).join()).to.include('PROPOSAL_LATE')
  })

  it('does one thing at a time', async () => {
    const [first, second] = await Promise.all([order('{"buy":"tea"}'), order('{"buy":"coffee"}')])
    expect([first.performative, second.performative].sort()).to.deep.equal(['inform', 'refuse'])
    expect((await order('tea, please')).performative).to.equal('not-understood')
  })

  it('opens by itself at intervals, when the buyer is told to', async () => {
    const configuration = Buffer.from('{"buy":"rice","every":100,"wait":500}')
    await client.deploy('buyer', moduleOf('buyer'), { configuration, replace: true })
    await until(async () => (await client.logs('buyer')).filter(line => line === 'bought rice from cheap for 5').length >= 2)
    await client.deploy('buyer', moduleOf('buyer'), { configuration: Buffer.from('{"wait":500}'), replace: true })
    await until(async () => (await order('{"buy":"tea"}')).performative === 'inform')
  })

  it('says when nobody sells', async () => {
    for (const name of ['cheap', 'dear']) await client.stop(name)
    const answer = await order('{"buy":"tea"}')
    expect([answer.performative, jsonContent(answer)]).to.deep.equal(['failure', { reason: 'nobody sells it' }])
    for (const name of ['refusing', 'slow']) await client.stop(name)
    expect((await order('{"buy":"tea"}')).performative).to.equal('failure')
  })
})
