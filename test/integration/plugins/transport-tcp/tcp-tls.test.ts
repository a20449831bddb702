import { connect } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { expect } from 'chai'
import type { Credentials, Identity, Link } from '../../../../kernel/contract/index.js'
import { Events, frameOf, never, same, sendAll } from '../../../kits/transport/subject.js'
import { linkCredentials, NodeIdentity } from '../../../support/node-identity.js'
import { tcpNode, type TcpNode, type TcpNodeOptions } from '../../../support/tcp-nodes.js'
import { TestAuthority } from '../../../support/test-authority.js'
import { until } from '../../../support/until.js'

const AT = (port: number, nodeId = 'node-b'): { nodeId: string, host: string, port: number } => ({ nodeId, host: '127.0.0.1', port })
const withB = (name: string, trust?: string): Identity => new NodeIdentity('node-b', linkCredentials(name, trust))

describe('TCP under mutual TLS', () => {
  const nodes: TcpNode[] = []
  const eventsA = new Events()
  let eventsB: Events

  const started = async (nodeId: string, options: TcpNodeOptions): Promise<TcpNode> => {
    const node = tcpNode(nodeId, options)
    nodes.push(node)
    await node.transport.start()
    return node
  }

  const a = (options: TcpNodeOptions = { identity: new NodeIdentity('node-a') }): Promise<TcpNode> => started('node-a', options)

  /** Node b, and where it listens. */
  const b = async (options: TcpNodeOptions = { identity: new NodeIdentity('node-b') }): Promise<TcpNode & { port: number }> => {
    const node = await started('node-b', options)
    return { ...node, port: (await node.transport.serve(eventsB)).port }
  }

  const outcome = async (dialer: TcpNode, port: number, nodeId?: string): Promise<string> => {
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

  it('links nodes whose certificates name them as DNS name or as common name', async () => {
    const { port } = await b()
    expect(await outcome(await a(), port)).to.equal('a link to node-b')
    const other = await b({ identity: withB('node-b-by-common-name') })
    expect(await outcome(await a(), other.port)).to.equal('a link to node-b')
  })

  const UNTRUSTED = 'its certificate does not come from an authority that this node trusts'

  const bad: ReadonlyArray<readonly [string, Identity, RegExp]> = [
    ['of an unknown authority', withB('node-b-of-stranger', 'authority'), new RegExp(UNTRUSTED)],
    ['that has expired', withB('node-b-expired'), /its certificate, or its authority's, has expired/],
    ['of another node', withB('node-c'), /its certificate is not for node "node-b" but for CN=node-c/],
    ['for clients only', withB('node-b-for-clients'), /may not be used for both ends/],
  ]
  for (const [what, identity, reason] of bad) {
    it(`refuses to dial a node with a certificate ${what}, and tells that node why`, async () => {
      const node = await b({ identity })
      expect(await outcome(await a(), node.port)).to.match(reason)
      await until(() => node.context.said('warn').length > 0)
      expect(node.context.said('warn')[0]).to.match(/it refuses this node/)
      expect(eventsB.order).to.deep.equal([])
    })
  }

  for (const [what, identity, reason] of bad.slice(0, 3)) {
    it(`refuses a node that dials with a certificate ${what}, and tells it why`, async () => {
      const node = tcpNode('node-a', { identity: new NodeIdentity('node-a') })
      nodes.push(node)
      await node.transport.start()
      const { port } = await node.transport.serve(eventsA)
      const dialer = await started('node-b', { identity })
      const error = await outcome(dialer, port, 'node-a')
      expect(error).to.match(/it refuses this node: /)
      expect(error).to.match(reason)
      expect(node.context.said('warn')[0]).to.match(reason)
      expect(node.metrics.snapshot('caxton_transport_connections_refused_total')[0]?.samples[0]?.value).to.equal(1)
    })
  }

  it('refuses a node whose hello names another than its certificate', async () => {
    const { port } = await b()
    const liar = await started('node-c', { identity: new NodeIdentity('node-c', linkCredentials('node-a')) })
    expect(await outcome(liar, port)).to.match(/it refuses this node: its certificate is not for node "node-c" but for CN=node-a/)
  })

  it('speaks TLS 1.3 only, and demands a certificate', async () => {
    const { port } = await b()
    const ask = (options: object): Promise<string> => new Promise(resolve => {
      const socket = connectTls({ host: '127.0.0.1', port, rejectUnauthorized: false, ...options })
      let heard = ''
      socket.on('data', (data: Buffer) => { heard += data.toString() })
      socket.on('error', (error: Error) => { resolve(error.message) })
      socket.on('close', () => { resolve(heard) })
    })
    expect(await ask({ maxVersion: 'TLSv1.2', ALPNProtocols: ['caxton-link'] })).to.match(/protocol version/)
    expect(await ask({ ALPNProtocols: ['h2'] })).to.match(/no application protocol/)
    expect(await ask({ ALPNProtocols: ['caxton-link'] })).to.match(/it shows no certificate/)
  })

  it('says so when one of the two nodes uses no TLS', async () => {
    const secure = await b()
    const plain = await a({ identity: undefined })
    expect(await outcome(plain, secure.port)).to.match(/the connection was (closed|reset)|which is not expected/)
    const open = await b({ identity: undefined })
    expect(await outcome(await a(), open.port)).to.match(/does not use TLS/)
  })

  it('does not listen beyond loopback without certificates, nor dial there', async () => {
    const open = await started('node-b', { config: { host: '0.0.0.0' } })
    await open.transport.serve(eventsB).then(() => expect.fail('it listens'), (error: unknown) => {
      expect(error).to.have.property('code', 'LISTENER_UNPROTECTED')
    })
  })

  it('refuses to start without certificates when they are required', async () => {
    const node = tcpNode('node-a', { config: { tls: 'required' } })
    await node.transport.start().then(() => expect.fail('it started'), (error: unknown) => {
      expect(error).to.have.property('code', 'TRANSPORT_CREDENTIALS_MISSING')
    })
  })

  it('uses new certificates for new links at once, and loses nothing on those that are open', async () => {
    const [identityA, identityB] = [new NodeIdentity('node-a'), new NodeIdentity('node-b')]
    const [nodeA, nodeB] = [await a({ identity: identityA }), await b({ identity: identityB })]
    const fromA = await nodeA.transport.dial(AT(nodeB.port), eventsA, never())
    const frames = Array.from({ length: 2000 }, (_, i) => frameOf(i))
    const traffic = sendAll(fromA, frames)
    const serialOf = (): Promise<string> => new Promise((resolve, reject) => {
      const { key, chain: cert } = linkCredentials('node-a')
      const to = { host: '127.0.0.1', port: nodeB.port, rejectUnauthorized: false, ALPNProtocols: ['caxton-link'] }
      const socket = connectTls({ ...to, key, cert }, () => {
        resolve(socket.getPeerCertificate().serialNumber)
        socket.destroy()
      })
      socket.on('error', reject)
    })
    const before = await serialOf()
    const renewed: Credentials = linkCredentials('node-b-renewed')
    identityB.replace(renewed)
    expect(await serialOf()).not.to.equal(before)
    identityA.replace(linkCredentials('node-a', 'stranger'))
    expect(await outcome(nodeA, nodeB.port)).to.match(/not come from an authority that this node trusts/)
    await traffic
    await eventsB.until(() => eventsB.frames.length >= frames.length)
    same(eventsB.frames.map(({ frame }) => frame), frames)
    expect(fromA.send(frameOf(1))).to.equal(true)
  })

  it('refuses a node whose certificate is revoked, and ends its links, as soon as the list says so', async () => {
    const authority = await TestAuthority.make()
    const [credentialsA, credentialsB] = [await authority.credentials('node-a'), await authority.credentials('node-b')]
    const identityB = new NodeIdentity('node-b', credentialsB)
    const [nodeA, nodeB] = [await a({ identity: new NodeIdentity('node-a', credentialsA) }), await b({ identity: identityB })]
    await nodeA.transport.dial(AT(nodeB.port), eventsA, never())
    await eventsB.until(() => eventsB.openings.length === 1)
    identityB.replace({ ...credentialsB, revoked: await authority.revocations([]) })
    expect(await outcome(nodeA, nodeB.port)).to.equal('a link to node-b')
    identityB.replace({ ...credentialsB, revoked: await authority.revocations([credentialsA.chain]) })
    await eventsB.until(() => eventsB.closings.some(({ error }) => error?.message.includes('its certificate is revoked') === true))
    expect(await outcome(nodeA, nodeB.port)).to.match(/its certificate is revoked/)
  })

  it('keeps its certificate when the new one can not be used, and says so', async () => {
    const identityB = new NodeIdentity('node-b')
    const node = await b({ identity: identityB })
    identityB.replace({ ...linkCredentials('node-b'), key: linkCredentials('node-c').key })
    expect(node.context.said('error')[0]).to.match(/links to other nodes keep the old one/)
    expect(await outcome(await a(), node.port)).to.equal('a link to node-b')
  })

  it('ends a connection that never greets, and one that sends nonsense', async () => {
    const node = await b({ identity: undefined, config: { connect_timeout: 200 } })
    const ended = (first: string): Promise<void> => new Promise(resolve => {
      const socket = connect(node.port, '127.0.0.1', () => { socket.write(first) })
      socket.resume().on('close', () => { resolve() }).on('error', () => {})
    })
    await ended('')
    expect(node.context.said('warn')).to.deep.equal([])
    await ended('GET / HTTP/1.1\r\n\r\n')
    expect(node.context.said('warn')[0]).to.match(/it sent a record of kind 71/)
    await ended('GET / HTTP/1.1\r\n\r\n')
    expect(node.context.said('warn').length).to.equal(1)
    expect(node.metrics.snapshot('caxton_transport_malformed_total')[0]?.samples[0]?.value).to.equal(2)
  })

  it('reaches nobody after a dial was given up in the middle', async () => {
    const [nodeA, nodeB] = [await a(), await b()]
    for (let i = 0; i < 20; i++) {
      const left = new AbortController()
      const dial: Promise<Link> = nodeA.transport.dial(AT(nodeB.port), eventsA, left.signal)
      for (let turn = 0; turn < i; turn++) await new Promise(resolve => { setImmediate(resolve) })
      left.abort(new Error('left'))
      await dial.then(link => link.close(), (error: unknown) => { expect(error).to.have.property('message', 'left') })
    }
    await until(() => eventsB.openings.length === eventsB.closings.length)
  })
})
