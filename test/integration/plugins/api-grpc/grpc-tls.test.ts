import { once } from 'node:events'
import { connect, type TLSSocket } from 'node:tls'
import { expect } from 'chai'
import {
  isCaxtonError, Secret, type Credentials, type Identity, type OperationContext,
} from '../../../../kernel/contract/index.js'
import type { ApiGrpcConfig } from '../../../../plugins/api-grpc/api-grpc-config.js'
import { openConnector } from '../../../../plugins/api-grpc/grpc-connector.js'
import { credentialsOf, pem } from '../../../support/certificates.js'
import { startGrpcServer, type TestHandler, type TestServer } from '../../../support/grpc-server.js'
import { strangerService } from '../../../support/stranger-service.js'
import { TestAuthority } from '../../../support/test-authority.js'

const SERVICE = strangerService([{ name: 'Read', right: 'notes:read' }])
const READ = SERVICE.method.read ?? expect.fail('no method')

class ChangingIdentity implements Identity {
  readonly nodeId = 'node-1'
  changed: (() => void) | undefined

  constructor (public current: Credentials | undefined) {}

  credentials (): Credentials | undefined {
    return this.current
  }

  onChange (changed: () => void, signal: AbortSignal): void {
    this.changed = changed
    signal.addEventListener('abort', () => { this.changed = undefined })
  }
}

describe('gRPC face with TLS', () => {
  let server: TestServer | undefined
  afterEach(async () => {
    await server?.stop()
    server = undefined
  })

  const start = async (
    identity: Identity, config: Partial<ApiGrpcConfig> = {}, read: TestHandler = async () => ({ count: 1 }),
  ): Promise<TestServer> => {
    server = await startGrpcServer({ services: [{ service: SERVICE, handlers: { read } }], config, identity })
    return server
  }
  const call = async (address: string, trust?: string): Promise<unknown> => {
    const connector = openConnector({ address, ...trust === undefined ? {} : { trust } })
    try {
      return await connector.unary(READ, {})
    } finally {
      connector.close()
    }
  }
  const codeOf = async (work: Promise<unknown>): Promise<string> => {
    const error: unknown = await work.then(() => undefined, (reason: unknown) => reason)
    return isCaxtonError(error) ? error.code : `no declared error: ${String(error)}`
  }
  const handshake = async (address: string, options: object): Promise<TLSSocket> => {
    const [host = '', port] = address.split(':')
    const socket = connect({ host, port: Number(port), ca: pem('authority.pem'), ALPNProtocols: ['h2'], ...options })
    socket.on('error', () => {})
    await once(socket, 'secureConnect')
    return socket
  }

  it('serves by TLS when the node has a certificate', async () => {
    const { address } = await start(new ChangingIdentity(credentialsOf('node')))
    expect(await call(address, pem('authority.pem'))).to.include({ count: 1 })
  })

  it('is not trusted by a client of another authority, and not reached without TLS', async () => {
    const { address } = await start(new ChangingIdentity(credentialsOf('node')))
    expect(await codeOf(call(address, pem('stranger.pem')))).to.equal('SERVER_UNTRUSTED')
    expect(await codeOf(call(address))).to.equal('SERVER_UNREACHABLE')
    expect(await call(address, pem('authority.pem'))).to.include({ count: 1 })
  })

  it('uses a renewed certificate for new connections, without a restart', async () => {
    const identity = new ChangingIdentity(credentialsOf('node'))
    const { address } = await start(identity)
    const old = await handshake(address, {})
    identity.current = credentialsOf('node-renewed')
    identity.changed?.()
    const renewed = await handshake(address, {})
    expect([old, renewed].map(socket => socket.getPeerCertificate().subject.CN))
      .to.deep.equal(['node-1', 'node-1-renewed'])
    expect(old.destroyed).to.equal(false)
    old.destroy()
    renewed.destroy()
  })

  it('keeps its certificate when the new one is missing or broken', async () => {
    const identity = new ChangingIdentity(credentialsOf('node'))
    const { address, log } = await start(identity)
    identity.current = undefined
    identity.changed?.()
    identity.current = { key: 'x', chain: 'y', trust: 'z' }
    identity.changed?.()
    expect(await call(address, pem('authority.pem'))).to.include({ count: 1 })
    expect(log.lines.map(line => line.level)).to.include.members(['warn', 'error'])
  })

  it('does without TLS when told so, and refuses to start when it can not have what is required', async () => {
    const { address } = await start(new ChangingIdentity(credentialsOf('node')), { tls: 'off' })
    expect(await call(address)).to.include({ count: 1 })
    expect(await codeOf(startGrpcServer({ services: [], config: { tls: 'required' } })))
      .to.equal('TLS_CREDENTIALS_MISSING')
  })

  it('does not listen where others reach it without TLS and an authenticator', async () => {
    expect(await codeOf(startGrpcServer({ services: [], config: { host: '0.0.0.0' } })))
      .to.equal('LISTENER_UNPROTECTED')
    const identity = new ChangingIdentity(credentialsOf('node'))
    expect(await codeOf(startGrpcServer({ services: [], config: { host: '0.0.0.0' }, identity })))
      .to.equal('LISTENER_UNPROTECTED')
  })

  it('hands a verified client certificate to the chain, and none that it did not verify', async () => {
    let seen: OperationContext | undefined
    const { Client, credentials } = await import('@grpc/grpc-js')
    const { address } = await start(new ChangingIdentity(credentialsOf('node')), { client_certificates: 'optional' },
      async (_request, context) => { seen = context; return {} })
    const read = (key?: string): Promise<string> => new Promise(resolve => {
      const shown = key === undefined ? [] : [Buffer.from(pem(`${key}.key`)), Buffer.from(pem(`${key}.pem`))]
      const client = new Client(address, credentials.createSsl(Buffer.from(pem('authority.pem')), ...shown))
      const bytes = (): Buffer => Buffer.alloc(0)
      client.makeUnaryRequest('/acme.v1.Clockwork/Read', bytes, bytes, {}, error => {
        client.close()
        resolve(error === null ? 'ok' : 'refused')
      })
    })
    expect(await read('client')).to.equal('ok')
    expect(Buffer.from(seen?.origin.certificate ?? []).toString('base64'))
      .to.equal(pem('client.pem').split('\n').slice(1, -2).join(''))
    expect(await read()).to.equal('ok')
    expect(seen?.origin.certificate).to.equal(undefined)
    expect(await read('client-of-stranger')).to.equal('refused')
  })

  it('speaks TLS 1.3 only, and 1.2 as well when the configuration says so', async () => {
    const old = { maxVersion: 'TLSv1.2' } as const
    const refused = (address: string, options: object): Promise<string> =>
      handshake(address, options).then(socket => { socket.destroy(); return 'taken' }, () => 'refused')
    const { address } = await start(new ChangingIdentity(credentialsOf('node')))
    expect([await refused(address, old), await refused(address, {})]).to.deep.equal(['refused', 'taken'])
    await server?.stop()
    const { address: lenient } = await start(new ChangingIdentity(credentialsOf('node')), { tls_minimum: '1.2' })
    const ancient = { maxVersion: 'TLSv1.1', minVersion: 'TLSv1' } as const
    expect([await refused(lenient, old), await refused(lenient, ancient)]).to.deep.equal(['taken', 'refused'])
  })

  it('refuses a client certificate that the node\'s authorities revoked, in the handshake', async () => {
    const authority = await TestAuthority.make()
    const [credentials, client] = [await authority.credentials('node-1'), await authority.node('ada')]
    const identity = new ChangingIdentity(credentials)
    const { address } = await start(identity, { client_certificates: 'required' })
    const certificate = { key: new Secret(client.key), chain: client.certificate }
    const ask = async (): Promise<string> => {
      const connector = openConnector({ address, trust: authority.trust, certificate })
      return await connector.unary(READ, {}).then(() => 'ok', () => 'refused').finally(() => { connector.close() })
    }
    expect(await ask()).to.equal('ok')
    identity.current = { ...credentials, revoked: await authority.revocations([client.certificate]) }
    identity.changed?.()
    expect(await ask()).to.equal('refused')
    identity.current = { ...credentials, revoked: 'no list at all' }
    identity.changed?.()
    expect(await ask()).to.equal('refused')
  })

  it('closes connections without a client certificate where one is required', async () => {
    const { address } = await start(new ChangingIdentity(credentialsOf('node')), { client_certificates: 'required' })
    const socket = await handshake(address, {})
    socket.resume()
    await once(socket, 'close')
    expect(await codeOf(call(address, pem('authority.pem')))).to.be.oneOf(['SERVER_UNREACHABLE', 'CONNECTION_LOST'])
  })
})
