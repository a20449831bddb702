import { createServer, type IncomingMessage, type Server } from 'node:http'
import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { pipeline, Readable } from 'node:stream'
import { join } from 'node:path'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { createMcpHandler, fromJsonSchema, InMemoryTransport, McpServer } from '@modelcontextprotocol/server'
import { expect } from 'chai'
import { CALLER_KEY, IDEMPOTENCY_KEY, Secret, type ToolServer } from '../../../../kernel/contract/index.js'
import { ToolHost } from '../../../support/tools/tool-host.js'

const require = createRequire(import.meta.url)
const programOf = (description: string): readonly string[] => [join(description, '..', 'dist', 'index.js')]
const everything = programOf(require.resolve('@modelcontextprotocol/server-everything/package.json'))
const memory = programOf(require.resolve('@modelcontextprotocol/server-memory/package.json'))
const filesystem = programOf(require.resolve('@modelcontextprotocol/server-filesystem/package.json'))

/** A server that answers with the `_meta` of a call, and counts. */
function mirror (): McpServer {
  const server = new McpServer({ name: 'mirror', version: '1.0.0' })
  const description = 'Says how it was called.'
  server.registerTool('meta', { description, inputSchema: fromJsonSchema({ type: 'object' }) }, async (_, context) =>
    ({ content: [{ type: 'text', text: JSON.stringify(context.mcpReq._meta ?? {}) }] }))
  return server
}

const inProcess: ToolServer = {
  async connect () {
    const [ours, theirs] = InMemoryTransport.createLinkedPair()
    const ready = mirror().connect(theirs).then(() => ours.start())
    return {
      send: async message => {
        await ready
        await ours.send(message as Parameters<typeof ours.send>[0])
      },
      onMessage: take => { ours.onmessage = take },
      onClose: ended => { ours.onclose = ended },
      close: () => ours.close(),
    }
  },
}

/** Servers from npm and of the SDK, as they are: what is tried is that we speak with them, in both eras of MCP. */
describe('tool servers as they are', function () {
  this.timeout(120_000)
  let host: ToolHost
  let folder: string
  let web: Server
  let headers: IncomingMessage['headers'] = {}

  before(async () => {
    folder = await realpath(await mkdtemp(join(tmpdir(), 'caxton-tools-')))
    await writeFile(join(folder, 'letter.txt'), 'Dear all')
    const handler = createMcpHandler(mirror)
    web = createServer((request, response) => {
      headers = request.headers
      void answer(request).then(came => {
        response.writeHead(came.status, Object.fromEntries(came.headers))
        if (came.body === null) response.end()
        else pipeline(Readable.fromWeb(came.body), response, () => {})
      })
    })
    const answer = async (request: IncomingMessage): Promise<Response> => {
      const chunks: Buffer[] = []
      for await (const chunk of request) chunks.push(chunk as Buffer)
      const body = chunks.length === 0 ? {} : { body: Buffer.concat(chunks) }
      return handler.fetch(new Request(`http://127.0.0.1${request.url ?? ''}`, {
        method: request.method ?? 'POST', headers: request.headers as Record<string, string>, ...body,
      }))
    }
    await new Promise<void>(resolve => { web.listen(0, '127.0.0.1', resolve) })
    const { port } = web.address() as AddressInfo
    host = new ToolHost({
      everything: { command: process.execPath, args: everything, env: [new Secret('API_TOKEN=hunter2')] },
      memory: {
        command: process.execPath, args: memory, env: [new Secret(`MEMORY_FILE_PATH=${join(folder, 'memory.jsonl')}`)],
      },
      files: { command: process.execPath, args: [...filesystem, folder] },
      web: { url: new URL(`http://127.0.0.1:${port}/mcp`), headers: [new Secret('Authorization: Bearer hunter2')] },
    }, {}, [{ instance: 'state', service: inProcess }])
    await host.start()
  })
  after(async () => {
    await host.tools.stop()
    web.closeAllConnections()
    await new Promise(resolve => { web.close(resolve) })
    await rm(folder, { recursive: true })
  })

  it('are spoken with in the revision that each knows', () => {
    const revisions = new Map([...host.tools.desks].map(([name, { link }]) => [name, link.revision]))
    expect(revisions.get('web')).to.equal('2026-07-28')
    for (const name of ['everything', 'memory', 'files']) expect(revisions.get(name)).to.match(/^2025-\d\d-\d\d$/)
  })

  it('server-everything: text, images, structured content, progress, and its own variables', async () => {
    expect(await host.said('everything.get-sum', { a: 2, b: 3 })).to.equal('The sum of 2 and 3 is 5.')
    const image = await host.call('everything.get-tiny-image')
    expect(image.ok && image.answer.parts).to.have.length(1)
    const structured = await host.call('everything.get-structured-content', { location: 'New York' })
    expect(structured.ok && structured.answer.structured).to.include.keys('temperature')
    const heard: number[] = []
    await host.call('everything.trigger-long-running-operation', { duration: 0.2, steps: 2 }, {
      progress: ({ progress }) => { heard.push(progress) },
    })
    expect(heard).to.deep.equal([1, 2].slice(0, heard.length))
    expect(await host.said('everything.get-env')).to.contain('"API_TOKEN": "hunter2"')
  })

  it('server-memory: what was said is remembered', async () => {
    const entities = [{ name: 'Ada', entityType: 'person', observations: ['writes programs'] }]
    expect(await host.said('memory.create_entities', { entities })).to.contain('Ada')
    expect(await host.said('memory.search_nodes', { query: 'programs' })).to.contain('Ada')
  })

  it('server-filesystem: reads in its folder, and fails beyond it with its reason', async () => {
    expect(await host.said('files.read_text_file', { path: join(folder, 'letter.txt') })).to.equal('Dear all')
    expect(await host.call('files.read_text_file', { path: '/etc/passwd' })).to.include({ ok: false, code: 'TOOL_FAILED' })
  })

  it('over HTTP get their credentials with each request, and the trace and the key of the call, but not who calls', async () => {
    const meta = JSON.parse(await host.said('web.meta')) as Record<string, unknown>
    expect(headers.authorization).to.equal('Bearer hunter2')
    expect(meta['traceparent']).to.equal(`00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`)
    expect(meta[IDEMPOTENCY_KEY]).to.equal('agent:clerk/k1')
    expect(meta).not.to.have.property(CALLER_KEY)
  })

  it('in this process are told who calls', async () => {
    expect(JSON.parse(await host.said('state.meta'))).to.deep.include({ [CALLER_KEY]: { agent: 'clerk' } })
  })

  it('are called by nobody who was not granted it, and each call is on record and counted', async () => {
    expect(await host.said('everything.echo', { message: 'a' }, { caller: { agent: 'thief' } })).to.equal('TOOL_NOT_GRANTED')
    expect(await host.said('nowhere.echo')).to.equal('TOOL_NOT_FOUND')
    expect(await host.said('everything.nothing')).to.equal('TOOL_NOT_FOUND')
    const [refused] = host.records.filter(({ principal }) => principal.name === 'agent:thief')
    expect(refused).to.include({
      event: 'refused', operation: 'caxton.v1.Tools/Call', resource: 'tool:everything.echo', result: 'TOOL_NOT_GRANTED',
    })
    const before = host.records.length
    await host.said('everything.echo', { message: 'a' })
    expect(host.records.slice(before).map(({ event, result }) => [event, result])).to.deep.equal([['intent', undefined], ['outcome', 'ok']])
    const counted = host.metrics.snapshot().find(({ name }) => name === 'caxton_tool_calls_total')
    const labels = counted?.samples.map(sample => JSON.stringify(sample.labels)) ?? []
    expect(labels).to.include('{"server":"everything","result":"ok"}')
    expect(labels).to.include('{"result":"TOOL_NOT_FOUND"}')
  })
})
