import { expect } from 'chai'
import type { ToolServer, ToolServerConnection } from '../../../../kernel/contract/index.js'
import { LocalTransport } from '../../../../plugins/tools-mcp/servers/local-transport.js'
import type { ToolsMcpConfig } from '../../../../plugins/tools-mcp/tools-mcp-config.js'
import { labToolServer } from '../../../support/tools/lab-server.js'
import { ToolHost } from '../../../support/tools/tool-host.js'

const signal = new AbortController().signal

describe('a tool server of this process', () => {
  let host: ToolHost
  let connected: number
  const lab: ToolServer = {
    connect: () => {
      connected += 1
      return labToolServer.connect()
    },
  }
  const hostWith = (grants: ToolsMcpConfig['grants']): ToolHost => new ToolHost({}, { grants }, [{ instance: 'lab', service: lab }])
  const state = (): string | undefined => host.tools.desks.get('lab')?.link.state

  beforeEach(() => { connected = 0 })
  afterEach(() => host.tools.stop())

  it('is not opened while nobody may call it, and counts as one that can be called', async () => {
    host = hostWith({})
    await host.tools.start()
    expect([state(), connected, host.tools.health().state]).to.deep.equal(['asleep', 0, 'ready'])
    expect(host.metrics.snapshot('caxton_tool_server_ready')[0]?.samples).to.deep.equal([{ labels: { server: 'lab' }, value: 1 }])
  })

  it('is opened for whoever calls it first', async () => {
    host = hostWith({})
    await host.tools.start()
    expect(await host.said('lab.echo', { text: 'hello' }, { caller: { principal: 'operator' } })).to.equal('hello')
    expect([state(), connected]).to.deep.equal(['ready', 1])
  })

  it('is opened for whoever asks what there is', async () => {
    host = hostWith({})
    await host.tools.start()
    await host.tools.wake(signal)
    expect(host.tools.tools().map(({ name }) => name)).to.include('lab.echo')
  })

  it('is opened at the start where somebody has been granted a tool', async () => {
    host = hostWith({ all: { agents: ['clerk'], tools: ['lab.echo'], arguments: [] } })
    await host.start()
    expect([state(), connected]).to.deep.equal(['ready', 1])
  })
})

describe('the transport to a tool server of this process', () => {
  it('ends a connection that comes after it was closed', async () => {
    let open = (_: ToolServerConnection): void => {}
    let isClosed = false
    const connection: ToolServerConnection = {
      send: async () => {}, onMessage: () => {}, onClose: () => {}, close: async () => { isClosed = true },
    }
    const transport = new LocalTransport({ connect: () => new Promise(resolve => { open = resolve }) })
    const starting = transport.start().then(() => 'started', () => 'refused')
    await transport.close()
    open(connection)
    expect([await starting, isClosed]).to.deep.equal(['refused', true])
  })
})
