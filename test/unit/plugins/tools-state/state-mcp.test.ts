import type { Client } from '@modelcontextprotocol/client'
import { expect } from 'chai'
import { connectedClient } from '../../../support/state/mcp-client.js'
import { StateToolScene } from '../../../support/state/state-tool-scene.js'

const caller = { 'caxton/caller': { agent: 'shop' } }

/** With the real client of the MCP project, in both generations of the protocol. */
describe('The state tool as an MCP server', () => {
  let scene: StateToolScene
  let client: Client
  beforeEach(async () => { scene = await StateToolScene.start() })
  afterEach(async () => {
    await client.close()
    await scene.tool.stop()
  })

  for (const [mode, revision] of [['auto', '2026-07-28'], ['legacy', '2025-11-25']] as const) {
    it(`serves its tools to a client of ${revision}`, async () => {
      client = await connectedClient(scene.tool, { mode })
      expect(client.getNegotiatedProtocolVersion()).to.equal(revision)
      const { tools } = await client.listTools()
      expect(tools.map(({ name }) => name)).to.deep.equal(
        ['store', 'retrieve', 'delete', 'list', 'exists', 'batch_store', 'batch_retrieve', 'compare_and_set'])
      const stored = await client.callTool({ name: 'store', arguments: { key: 'a', value: { deep: [1, null] } }, _meta: caller })
      expect(stored.structuredContent).to.deep.equal({ version: 1 })
      const retrieved = await client.callTool({ name: 'retrieve', arguments: { key: 'a' }, _meta: caller })
      expect(retrieved.structuredContent).to.deep.equal({ found: true, value: { deep: [1, null] }, version: 1 })
      expect(retrieved.content).to.deep.equal([{ type: 'text', text: '{"found":true,"value":{"deep":[1,null]},"version":1}' }])
      expect(await scene.backend.count('agents/shop/')).to.equal(1)
    })

    it(`answers a client of ${revision} with its own errors, as results`, async () => {
      client = await connectedClient(scene.tool, { mode })
      const refused = await client.callTool({ name: 'retrieve', arguments: { key: '../x' }, _meta: caller })
      expect(refused.isError).to.equal(true)
      expect(refused.structuredContent).to.have.nested.property('error.code', 'STATE_KEY_INVALID')
    })
  }

  it('refuses a call that does not say who calls, and one of a tool that is not there', async () => {
    client = await connectedClient(scene.tool)
    const failed = async (call: Parameters<Client['callTool']>[0]): Promise<unknown> =>
      await client.callTool(call).then(() => 'fine', (error: unknown) => error instanceof Error && 'code' in error ? error.code : error)
    expect(await failed({ name: 'list', arguments: {} })).to.equal(-32602)
    expect(await failed({ name: 'list', arguments: {}, _meta: { 'caxton/caller': { agent: '' } } })).to.equal(-32602)
    expect(await failed({ name: 'drop', arguments: {}, _meta: caller })).to.equal(-32602)
  })

  it('lives on when it is sent what is no message', async () => {
    client = await connectedClient(scene.tool)
    const connection = await scene.tool.connect()
    let said = 0
    connection.onMessage(() => { said++ })
    connection.onClose(() => {})
    for (const nonsense of [{}, { jsonrpc: '2.0' }, { jsonrpc: '1.0', id: 1, method: 'x' }, []]) await connection.send(nonsense)
    await connection.close()
    expect((await client.listTools()).tools).to.have.length(8)
    expect(said).to.be.below(5)
  })

  it('ends its connections when it stops, and tells the host', async () => {
    client = await connectedClient(scene.tool)
    let ended = false
    client.onclose = () => { ended = true }
    await scene.tool.stop()
    expect(ended).to.equal(true)
  })
})
