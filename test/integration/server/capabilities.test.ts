import { expect } from 'chai'
import { Capabilities, Messages } from '../../../kernel/contract/index.js'
import { compileAgent } from '../../support/compiled-agents.js'
import { codeOf, jsonContent, type ServerClient } from '../../support/server-client.js'
import { ServerProcess } from '../../support/server-process.js'

describe('Capabilities of a real server', function () {
  this.timeout(60_000)
  let server: ServerProcess
  let client: ServerClient

  before(async () => {
    server = await ServerProcess.start({})
    client = server.client()
    const module = compileAgent('test/fixtures/agents/assembly/finder.ts')
    await client.deploy('seller', module, { configuration: Buffer.from('sell') })
    await client.deploy('finder', module)
  })

  after(async () => { expect(await server.stop()).to.equal(0) })

  it('are found by an agent that asks the directory facilitator', async () => {
    const answer = await client.ask('finder', { content: Buffer.from('{"name":"sell","version":"^1.2"}') })
    expect(answer).to.include({ performative: 'inform', sender: 'finder' })
    expect(jsonContent(answer)).to.deep.equal({
      found: [{
        name: 'sell', version: '1.4.0', agent: 'seller', description: '', input: { type: 'object' }, costs: { coins: 2 }, protocols: [],
      }],
      total: 1,
    })
  })

  it('are not understood by it when the search is malformed', async () => {
    const answer = await client.ask('finder', { content: Buffer.from('{"nmae":"sell"}') })
    expect(answer.performative).to.equal('not-understood')
    expect(jsonContent(answer)['reason']).to.contain('nmae')
  })

  it('are listed and shown, and addressed by a message', async () => {
    const { connector } = client
    const { capabilities, total } = await connector.unary(Capabilities.method.list, {})
    expect([capabilities.map(({ name, agent }) => [name, agent]), total]).to.deep.equal([[['sell', 'seller']], 1])
    expect((await connector.unary(Capabilities.method.show, { name: 'sell', version: '1' })).capabilities).to.have.length(1)
    expect(await codeOf(connector.unary(Capabilities.method.show, { name: 'sell', version: '2' }))).to.equal('CAPABILITY_NOT_FOUND')
    const asked = { message: { performative: 'request', content: Buffer.from('{}') }, wait: true, waitMilliseconds: 10_000 }
    const { answers } = await connector.unary(Messages.method.send, { ...asked, toCapability: 'one:sell@^1' })
    expect(answers.map(({ sender, performative }) => [sender, performative])).to.deep.equal([['seller', 'inform']])
    expect(await codeOf(connector.unary(Messages.method.send, { ...asked, toCapability: 'one:rent' }))).to.equal('CAPABILITY_NOT_FOUND')
  })

  it('are watched as they come and go', async () => {
    const leaving = new AbortController()
    const seen: string[] = []
    try {
      const changes = client.connector.serverStream(Capabilities.method.watch, { name: 'sell' }, leaving.signal)
      for await (const { change, capability } of changes) {
        seen.push(`${change} ${capability?.agent ?? ''}`)
        if (seen.length === 1) await client.stop('seller')
        if (seen.length === 2) await client.start('seller')
        if (seen.length === 3) break
      }
    } finally {
      leaving.abort()
    }
    expect(seen).to.deep.equal(['1 seller', '2 seller', '1 seller'])
  })
})
