import { readFileSync } from 'node:fs'
import { Client } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { expect } from 'chai'
import { CAXTON, runProcess } from '../../support/command/run-process.js'
import { compileAgent } from '../../support/compiled-agents.js'
import { ServerProcess } from '../../support/server-process.js'
import { TemporaryFolder } from '../../support/temporary-folder.js'

/** The real server, the real command, and the real client of the MCP project: what a user of the state tool has. */
describe('The state tool of a server', () => {
  let server: ServerProcess
  let folder: TemporaryFolder
  before(async function () {
    this.timeout(30_000)
    folder = new TemporaryFolder()
    server = await ServerProcess.start({
      sets: [
        'plugins.state.spaces.orders.write=principal:*',
        'plugins.tools-mcp.grants.keepers.agents=keeper-*', 'plugins.tools-mcp.grants.keepers.tools=state.*',
      ],
    })
  })
  after(async () => {
    await server.stop()
    folder.remove()
  })

  const caxton = (...words: string[]): ReturnType<typeof runProcess> =>
    runProcess(CAXTON, [...words, '--server', server.address], { folder: folder.path })

  for (const [mode, revision] of [['auto', '2026-07-28'], ['legacy', '2025-11-25']] as const) {
    it(`serves a client of ${revision} over standard input and output`, async () => {
      const client = new Client({ name: 'test', version: '1.0.0' }, { versionNegotiation: { mode } })
      const args = [CAXTON, 'tools', 'state-server', '--server', server.address]
      await client.connect(new StdioClientTransport({ command: process.execPath, args, stderr: 'ignore', cwd: folder.path }))
      try {
        expect(client.getNegotiatedProtocolVersion()).to.equal(revision)
        expect((await client.listTools()).tools).to.have.length(8)
        const call = (name: string, values: Record<string, unknown>) => client.callTool({ name, arguments: values })
        expect((await call('store', { key: `by/${mode}`, value: [1] })).isError).to.equal(undefined)
        expect((await call('store', { key: 'o/1', value: mode, space: 'orders' })).isError).to.equal(undefined)
        expect((await call('retrieve', { key: `by/${mode}` })).structuredContent).to.deep.include({ found: true, value: [1] })
        const conflict = await call('compare_and_set', { key: `by/${mode}`, value: 2, expected_version: 0 })
        expect(conflict.structuredContent).to.have.nested.property('error.code', 'STATE_CONFLICT')
      } finally {
        await client.close()
      }
    }).timeout(30_000)
  }

  it('keeps for each agent what it stored, where no other agent finds it', async () => {
    const client = server.client()
    const agent = compileAgent('test/fixtures/agents/assembly/keeper.ts')
    const granted = { permissions: ['send', 'log', 'now', 'random', 'self', 'lookup', 'timer', 'call:state.*'] }
    for (const name of ['keeper-1', 'keeper-2', 'stranger']) await client.deploy(name, agent, granted)
    const ask = async (name: string, text: string): Promise<string> => {
      const { performative, content } = await client.ask(name, { content: Buffer.from(text), mediaType: 'text/plain' })
      return `${performative} ${Buffer.from(content).toString()}`
    }
    for (const name of ['keeper-1', 'keeper-2']) expect(await ask(name, `of ${name}`)).to.match(new RegExp(`^inform .*"of ${name}"`))
    expect(await ask('stranger', 'mine')).to.match(/^failure .*TOOL_NOT_GRANTED/)
    for (const name of ['keeper-1', 'stranger']) {
      expect((await caxton('state', 'export', `${name}.ndjson`, '--prefix', `agents/${name}/`)).code).to.equal(0)
    }
    expect(readFileSync(folder.file('keeper-1.ndjson'), 'utf8')).to.contain('agents/keeper-1/visits/last').and.contain('of keeper-1')
    expect(readFileSync(folder.file('stranger.ndjson'), 'utf8')).not.to.contain('mine')
  }).timeout(60_000)

  it('is exported, verified and imported by the command', async () => {
    expect((await caxton('state', 'export', 'state.ndjson')).code).to.equal(0)
    const verified = await caxton('state', 'verify', 'state.ndjson', '--output', 'json')
    expect(JSON.parse(verified.stdout)).to.deep.include({ isSame: true, same: 5 })
    const imported = await caxton('state', 'import', 'state.ndjson', '--output', 'json')
    expect(JSON.parse(imported.stdout)).to.deep.equal({ stored: 0, same: 5, kept: 0 })
  }).timeout(30_000)
})
