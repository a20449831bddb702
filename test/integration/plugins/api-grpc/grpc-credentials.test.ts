import { expect } from 'chai'
import { isCaxtonError, Secret, type ConnectorTarget, type Origin, type Principal } from '../../../../kernel/contract/index.js'
import { openConnector } from '../../../../plugins/api-grpc/grpc-connector.js'
import type { ApiGrpcConfig } from '../../../../plugins/api-grpc/api-grpc-config.js'
import { credentialsOf, pem } from '../../../support/certificates.js'
import { EVERYBODY, startGrpcServer, type TestServer } from '../../../support/grpc-server.js'
import { strangerService } from '../../../support/stranger-service.js'

const SERVICE = strangerService([{ name: 'Read', right: 'notes:read' }])
const READ = SERVICE.method.read ?? expect.fail('no method')
const KEY = new Secret('cax_example_secret')

describe('credentials of the gRPC connector', () => {
  let server: TestServer | undefined
  afterEach(async () => {
    await server?.stop()
    server = undefined
  })

  /** What the authenticator of a server sees of each call. */
  const start = async (config: Partial<ApiGrpcConfig>): Promise<{ address: string, seen: Origin[] }> => {
    const seen: Origin[] = []
    const authenticate = async (origin: Origin): Promise<Principal> => {
      seen.push(origin)
      return EVERYBODY
    }
    const authenticators = [{ instance: 'any', service: { authenticate } }]
    server = await startGrpcServer({
      services: [{ service: SERVICE, handlers: { read: async () => ({ count: 1 }) } }],
      identity: { nodeId: 'node-1', credentials: () => credentialsOf('node'), onChange: () => {} },
      config, chain: { authenticators },
    })
    return { address: server.address, seen }
  }
  const call = async (target: ConnectorTarget): Promise<string> => {
    const connector = openConnector(target)
    try {
      await connector.unary(READ, {})
      return 'ok'
    } catch (error) {
      if (isCaxtonError(error)) return error.code
      throw error
    } finally {
      connector.close()
    }
  }

  it('sends a key or token with each call, over TLS and within this machine', async () => {
    const { address, seen } = await start({})
    expect(await call({ address, trust: pem('authority.pem'), bearer: KEY })).to.equal('ok')
    expect(seen.map(({ headers }) => headers.get('authorization'))).to.deep.equal(['Bearer cax_example_secret'])
    await server?.stop()
    const plain = await start({ tls: 'off' })
    expect(await call({ address: plain.address, bearer: KEY })).to.equal('ok')
    expect(plain.seen.map(({ headers }) => headers.get('authorization'))).to.deep.equal(['Bearer cax_example_secret'])
  })

  it('shows its certificate to a server that asks for one', async () => {
    const { address, seen } = await start({ client_certificates: 'required' })
    const certificate = { key: new Secret(pem('client.key')), chain: pem('client.pem') }
    expect(await call({ address, trust: pem('authority.pem'), certificate })).to.equal('ok')
    expect(Buffer.from(seen[0]?.certificate ?? []).toString('base64')).to.equal(pem('client.pem').split('\n').slice(1, -2).join(''))
  })

  it('does not even dial another machine to send a credential in the clear', async () => {
    for (const address of ['192.0.2.1:50051', '[2001:db8::1]:50051', 'caxton.example:50051', '127.0.0.1.example:50051']) {
      expect(await call({ address, bearer: KEY })).to.equal('CREDENTIAL_UNPROTECTED')
    }
  })
})
