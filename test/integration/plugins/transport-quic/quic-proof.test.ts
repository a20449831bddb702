import { createServer, type AddressInfo, type Socket } from 'node:net'
import { expect } from 'chai'
import type { Identity } from '../../../../kernel/contract/index.js'
import { chooseDriver } from '../../../../plugins/transport-quic/choose-driver.js'
import { quicOutlook } from '../../../../plugins/transport-quic/quic-outlook.js'
import { Events, frameOf, never, same, sendAll } from '../../../kits/transport/subject.js'
import { linkCredentials, NodeIdentity } from '../../../support/node-identity.js'
import { quicNode, type QuicNode, type QuicNodeOptions } from '../../../support/quic-nodes.js'
import { until } from '../../../support/until.js'

const AT = (port: number, nodeId = 'node-b'): { nodeId: string, host: string, port: number } => ({ nodeId, host: '127.0.0.1', port })
const withB = (name: string): Identity => new NodeIdentity('node-b', linkCredentials(name))
const UNTRUSTED = /its certificate does not come from an authority that this node trusts/

describe('QUIC between nodes with certificates', () => {
  const nodes: QuicNode[] = []
  const eventsA = new Events()
  let eventsB: Events

  const started = async (nodeId: string, options: QuicNodeOptions): Promise<QuicNode> => {
    const node = quicNode(nodeId, { ...options, config: { driver: 'libp2p', ...options.config } })
    nodes.push(node)
    await node.transport.start()
    return node
  }
  const a = (options: QuicNodeOptions = { identity: new NodeIdentity('node-a') }): Promise<QuicNode> => started('node-a', options)
  const b = async (options: QuicNodeOptions = { identity: new NodeIdentity('node-b') }): Promise<QuicNode & { port: number }> => {
    const node = await started('node-b', options)
    return { ...node, port: (await node.transport.serve(eventsB)).port }
  }
  const outcome = async (dialer: QuicNode, port: number, nodeId?: string): Promise<string> => {
    try {
      const link = await dialer.transport.dial(AT(port, nodeId), eventsA, never())
      return `a link to ${link.nodeId}`
    } catch (error) {
      return error instanceof Error && 'code' in error ? error.message.replace(/^.*? cannot be reached at [^ ]+: /, '') : String(error)
    }
  }

  beforeEach(() => { eventsB = new Events() })
  afterEach(async () => {
    for (const { transport } of nodes.splice(0).reverse()) await transport.stop()
  })

  for (const [what, identity, reason] of [
    ['of an unknown authority', withB('node-b-of-stranger'), UNTRUSTED],
    ['that has expired', withB('node-b-expired'), /its certificate has expired/],
    ['of another node', withB('node-c'), /its certificate is not for node "node-b" but for CN=node-c/],
    ['for clients only', withB('node-b-for-clients'), /may not be used for both ends/],
  ] as ReadonlyArray<readonly [string, Identity, RegExp]>) {
    it(`refuses to dial a node with a certificate ${what}, and tells that node why`, async () => {
      const node = await b({ identity })
      expect(await outcome(await a(), node.port)).to.match(reason)
      await until(() => node.context.said('warn').some(line => /did not become a link/.test(line)))
      expect(eventsB.order).to.deep.equal([])
    })
  }

  it('refuses a node that dials with a certificate of an unknown authority, and tells it why', async () => {
    const { port } = await b()
    const stranger = await started('node-a', { identity: withB('node-b-of-stranger') })
    expect(await outcome(stranger, port)).to.match(/does not come from an authority|it refuses this node/)
    expect(eventsB.order).to.deep.equal([])
  })

  it('says so when one of the two nodes has no certificate', async () => {
    const one = /it has (no|a) certificate, and this node has (one|none)/
    const proven = await b()
    expect(await outcome(await a({ identity: undefined }), proven.port)).to.match(one)
    const open = await b({ identity: undefined })
    expect(await outcome(await a(), open.port)).to.match(one)
  })

  it('does not listen beyond loopback without a certificate', async () => {
    const open = await started('node-b', { config: { host: '0.0.0.0' } })
    await open.transport.serve(eventsB).then(() => expect.fail('it listens'), (error: unknown) => {
      expect(error).to.have.property('code', 'LISTENER_UNPROTECTED')
    })
  })

  it('uses new certificates for new links at once, and loses nothing on those that are open', async () => {
    const [identityA, identityB] = [new NodeIdentity('node-a'), new NodeIdentity('node-b')]
    const [nodeA, nodeB] = [await a({ identity: identityA }), await b({ identity: identityB })]
    const fromA = await nodeA.transport.dial(AT(nodeB.port), eventsA, never())
    const frames = Array.from({ length: 2000 }, (_, i) => frameOf(i))
    const traffic = sendAll(fromA, frames)
    identityB.replace(linkCredentials('node-b-renewed'))
    expect(await outcome(nodeA, nodeB.port)).to.equal('a link to node-b')
    identityB.replace(linkCredentials('node-b-of-stranger'))
    expect(await outcome(nodeA, nodeB.port)).to.match(/does not come from an authority/)
    await traffic
    await eventsB.until(() => eventsB.frames.length >= frames.length)
    same(eventsB.frames.map(({ frame }) => frame), frames)
  })

  it('leaves nothing open to a port that takes connections and never says a word', async () => {
    const open = new Set<Socket>()
    let taken = 0
    const silent = createServer(socket => {
      taken += 1
      open.add(socket.on('error', () => {}))
      socket.once('close', () => open.delete(socket)).resume()
    })
    await new Promise<void>(resolve => { silent.listen(0, '127.0.0.1', resolve) })
    try {
      const { port } = silent.address() as AddressInfo
      const node = await a({ config: { driver: 'webtransport-h2', connect_timeout: 100 } })
      expect(await outcome(node, port)).to.match(/it did not answer within 100 ms/)
      await until(() => taken === 1 && open.size === 0)
    } finally {
      for (const socket of open) socket.destroy()
      silent.close()
    }
  })

  it('says which driver is in use, and takes the best that is installed', async () => {
    const node = await a({ config: { driver: 'auto' } })
    expect(node.transport.driver).to.be.oneOf(['webtransport-h3', 'libp2p'])
    const chosen = await chooseDriver('auto', 'quic', async name => {
      if (name !== 'webtransport-h2') throw new Error(`no ${name}\nRequire stack:`)
      return 'loaded'
    })
    const missing = { 'webtransport-h3': 'no webtransport-h3', libp2p: 'no libp2p' }
    expect(chosen).to.deep.equal({ name: 'webtransport-h2', loaded: 'loaded', missing })
    const refused = await chooseDriver('libp2p', 'quic', () => Promise.reject(new Error('no libp2p'))).catch(String)
    expect(refused).to.contain('plugins.quic.driver = "libp2p" cannot be used: no libp2p')
    expect(await quicOutlook({ driver: 'auto' }, 'quic')).to.equal(`links over QUIC, by the driver ${node.transport.driver}: encrypted`)
  })
})
