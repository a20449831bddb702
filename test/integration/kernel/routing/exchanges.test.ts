import { expect } from 'chai'
import type { Exchange, Heard } from '../../../../kernel/contract/index.js'
import { newTrace } from '../../../../kernel/contract/index.js'
import { TestHosting } from '../../../support/hosting.js'

const CONTENT = Buffer.from('{}')

describe('An exchange of code in the server with agents', function () {
  this.timeout(20_000)
  let server: TestHosting
  let leaving: AbortController

  beforeEach(async () => {
    leaving = new AbortController()
    server = await TestHosting.start()
    await server.deploy('echo', 'echo')
    await server.deploy('worker', 'agree-then-inform')
    await server.deploy('silent', 'silent')
  })

  afterEach(() => server.stop())

  const open = (protocol = 'fipa-request'): Exchange => server.hosting.exchanges.open(protocol, newTrace(server.random))
  const ask = (exchange: Exchange, to: string, replyBy?: number): void =>
    exchange.say({ act: 'request', to, content: CONTENT, ...replyBy === undefined ? {} : { replyBy } })
  const codeOf = (work: () => unknown): unknown => {
    try {
      return work()
    } catch (error) {
      return (error as { code?: unknown }).code
    }
  }
  async function all (exchange: Exchange): Promise<string[]> {
    const heard: string[] = []
    for await (const { from, act } of exchange.heard(leaving.signal)) heard.push(`${from} ${act}`)
    return heard
  }

  it('hears everybody that it spoke to, and ends when all have answered', async () => {
    const exchange = open()
    expect(exchange.conversationId).to.equal('')
    ask(exchange, 'echo')
    ask(exchange, 'worker')
    expect(exchange.conversationId).to.match(/^c[0-9a-f]+$/)
    expect(await all(exchange)).to.have.members(['echo inform', 'worker agree', 'worker inform'])
  })

  it('hears the platform in the name of whoever is silent, with the reason', async () => {
    const exchange = open()
    ask(exchange, 'silent', Date.now() + 50)
    const heard: Heard[] = []
    for await (const each of exchange.heard(leaving.signal)) heard.push(each)
    expect(heard.map(({ from, act, byPlatform }) => [from, act, byPlatform])).to.deep.equal([['silent', 'failure', true]])
    expect(JSON.parse(Buffer.from(heard[0]?.content ?? []).toString())).to.include({ code: 'DEADLINE_PASSED' })
  })

  it('says nothing that can\'t be said, and tells why', async () => {
    const exchange = open()
    expect(codeOf(() => ask(exchange, 'nobody'))).to.equal('AGENT_NOT_FOUND')
    expect(codeOf(() => exchange.say({ act: 'inform', to: 'echo', content: CONTENT }))).to.equal('ACT_NOT_LEGAL')
    expect(codeOf(() => ask(open('no-protocol'), 'echo'))).to.equal('ACT_NOT_LEGAL')
    expect(await all(exchange)).to.deep.equal([])
  })

  it('is over when it is closed, as often as it is', async () => {
    const exchange = open()
    ask(exchange, 'silent')
    const hearing = all(exchange)
    exchange.close()
    exchange.close()
    expect(await hearing).to.deep.equal([])
    expect(codeOf(() => ask(exchange, 'echo'))).to.equal('ACT_NOT_LEGAL')
  })

  it('stops to wait when its reader leaves', async () => {
    const exchange = open()
    ask(exchange, 'silent')
    const hearing = all(exchange).catch((error: Error) => error.name)
    leaving.abort()
    expect(await hearing).to.equal('AbortError')
    exchange.close()
  })

  it('stops with the server', async () => {
    const exchange = open()
    ask(exchange, 'silent')
    const hearing = all(exchange).catch((error: { code?: string }) => error.code)
    await server.hosting.drain()
    expect(await hearing).to.equal('MESSAGES_STOPPING')
    expect(codeOf(() => ask(open(), 'echo'))).to.equal('MESSAGES_STOPPING')
  })
})
