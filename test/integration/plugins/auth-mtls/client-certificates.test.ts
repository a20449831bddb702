import { rmSync } from 'node:fs'
import { expect } from 'chai'
import { Secret, type Credentials, type Identity } from '../../../../kernel/contract/index.js'
import { SystemClock } from '../../../../kernel/observability/system-clock.js'
import { openConnector } from '../../../../plugins/api-grpc/grpc-connector.js'
import type { AuthMtlsConfig } from '../../../../plugins/auth-mtls/auth-mtls-config.js'
import type { MtlsAuthenticator } from '../../../../plugins/auth-mtls/mtls-authenticator.js'
import type { MadeCertificate } from '../../../../plugins/identity-files/certificate-maker.js'
import { MtlsScene } from '../../../support/authenticators/mtls-scene.js'
import { startGrpcServer, type TestServer } from '../../../support/grpc-server.js'
import { codeOf } from '../../../support/server-client.js'
import { strangerService } from '../../../support/stranger-service.js'
import { TestAuthority } from '../../../support/test-authority.js'
import { until } from '../../../support/until.js'

const SERVICE = strangerService([{ name: 'Read', right: 'notes:read' }])
const READ = SERVICE.method.read ?? expect.fail('no method')

/** A real port with TLS, in front of the authenticator; certificates and lists as our own commands make them. */
describe('client certificates', function () {
  this.timeout(20_000)
  const clock = new SystemClock()
  let nodes: TestAuthority
  let credentials: Credentials
  let scene: MtlsScene
  let main: MtlsAuthenticator | undefined
  let server: TestServer | undefined

  before(async () => {
    nodes = await TestAuthority.make(undefined, 'Nodes')
    credentials = await nodes.credentials('node-1')
  })
  beforeEach(async () => { scene = await MtlsScene.make(clock) })
  afterEach(async () => {
    await server?.stop()
    await main?.stop()
    scene.folder.remove()
    server = main = undefined
  })

  const identity = (changed = (_: () => void): void => {}): Identity =>
    ({ nodeId: 'node-1', credentials: () => credentials, onChange: changed })
  const start = async (config: Partial<AuthMtlsConfig> = {}): Promise<void> => {
    main = await scene.start(config)
    const seen = async (_: unknown, { principal }: { principal: { name: string } }): Promise<object> => {
      names.push(principal.name)
      return { count: 1 }
    }
    const key = { authenticate: async () => ({ name: 'key:ci', method: 'keys', roles: [] }) }
    server = await startGrpcServer({
      services: [{ service: SERVICE, handlers: { read: seen } }], identity: identity(), trust: main,
      chain: { authenticators: [{ instance: 'auth-mtls', service: main }, { instance: 'keys', service: key }] },
    })
  }
  let names: string[] = []
  const call = async (certificate?: MadeCertificate, bearer?: string): Promise<string> => {
    names = []
    const connector = openConnector({
      address: server?.address ?? '', trust: nodes.trust,
      ...certificate === undefined ? {} : { certificate: { key: new Secret(certificate.key), chain: certificate.certificate } },
      ...bearer === undefined ? {} : { bearer: new Secret(bearer) },
    })
    const code = await codeOf(connector.unary(READ, {}).then(() => { throw new Error(names[0]) })).catch((error: Error) => error.message)
    connector.close()
    return code
  }

  it('let callers in on the port where others show keys, by an authority that signs no nodes', async () => {
    await start()
    const ada = await scene.clients.node('ada')
    expect(await call(ada)).to.equal('cert:ada')
    expect(await call()).to.equal('key:ci')
    expect(await call(ada, 'a-token')).to.equal('key:ci')
  })

  it('of nobody known are refused in the handshake, and those of nodes by the chain', async () => {
    await start()
    const strangers = await TestAuthority.make(undefined, 'Strangers')
    expect(await call(await strangers.node('ada'))).to.be.oneOf(['SERVER_UNREACHABLE', 'CONNECTION_LOST'])
    expect(await call(await nodes.node('node-2'))).to.equal('key:ci')
  })

  it('that are revoked while the server runs let nobody in, on new connections and on open ones', async () => {
    const [ada, eve] = [await scene.clients.node('ada'), await scene.clients.node('eve')]
    await start({ revoked: scene.keep('revoked.pem', await scene.clients.revocations([eve.certificate])) })
    const connector = openConnector({
      address: server?.address ?? '', trust: nodes.trust, certificate: { key: new Secret(ada.key), chain: ada.certificate },
    })
    await connector.unary(READ, {})
    expect(await call(eve)).to.equal('UNAUTHORIZED')
    scene.keep('revoked.pem', await scene.clients.revocations([eve.certificate, ada.certificate]))
    await until(() => scene.events.some(({ what }) => what === 'client-authorities-read'))
    expect(await codeOf(connector.unary(READ, {}))).to.equal('UNAUTHORIZED')
    expect(await call(ada)).to.equal('UNAUTHORIZED')
    connector.close()
  })

  it('of a further authority let callers in as soon as its file says so', async () => {
    await start()
    const further = await TestAuthority.make(undefined, 'Further')
    const ada = await further.node('ada')
    expect(await call(ada)).to.be.oneOf(['SERVER_UNREACHABLE', 'CONNECTION_LOST'])
    scene.keep('clients.pem', `${scene.clients.trust}${further.trust}`)
    await until(() => scene.events.some(({ what }) => what === 'client-authorities-read'))
    expect(await call(ada)).to.equal('cert:ada')
  })

  it('go on as before when a file is damaged or gone, and health says so', async () => {
    const eve = await scene.clients.node('eve')
    await start({ revoked: scene.keep('revoked.pem', await scene.clients.revocations([eve.certificate])) })
    scene.keep('revoked.pem', await nodes.revocations([]))
    await until(() => main?.health().state === 'degraded')
    expect(main?.health().detail).to.include('no authority that is trusted here has signed it')
    expect([await call(eve), await call(await scene.clients.node('ada'))]).to.deep.equal(['UNAUTHORIZED', 'cert:ada'])
    rmSync(scene.folder.file('clients.pem'))
    await until(() => main?.health().detail?.includes('clients.pem') === true)
    expect(await call(await scene.clients.node('ada'))).to.equal('cert:ada')
  })

  it('are those of the node\'s own authorities where no others are named, with what these have revoked', async () => {
    const [two, three] = [await nodes.node('node-2'), await nodes.node('node-3')]
    let changed: (() => void) | undefined
    main = await scene.start({}, identity(listener => { changed = listener }))
    const ask = async (made: MadeCertificate): Promise<string> => {
      const { derOf, showingCertificate } = await import('../../../support/authenticators/mtls-scene.js')
      return await main?.authenticate(showingCertificate(derOf(made.certificate))).then(found => found?.name ?? 'nobody',
        (error: Error) => error.message) ?? ''
    }
    expect([await ask(two), await ask(three)]).to.deep.equal(['cert:node-2', 'cert:node-3'])
    expect(main.authorities()).to.equal('')
    credentials = { ...credentials, revoked: await nodes.revocations([three.certificate]) }
    changed?.()
    await until(async () => (await ask(three)).includes('it was revoked'))
    expect(await ask(two)).to.equal('cert:node-2')
    const { revoked: _, ...without } = credentials
    credentials = without
  })

  it('take a revocation list in DER, too', async () => {
    const eve = await scene.clients.node('eve')
    const pem = await scene.clients.revocations([eve.certificate])
    await start({ revoked: scene.keep('revoked.crl', Buffer.from(pem.split('\n').slice(1, -2).join(''), 'base64')) })
    expect(await call(eve)).to.equal('UNAUTHORIZED')
  })

  it('keep the server from starting when their files can not be believed', async () => {
    const code = (config: Partial<AuthMtlsConfig>): Promise<string> => codeOf(scene.start(config))
    expect(await code({ authorities: scene.folder.file('missing') })).to.equal('CLIENT_AUTHORITIES_UNUSABLE')
    expect(await code({ authorities: scene.keep('empty', '') })).to.equal('CLIENT_AUTHORITIES_UNUSABLE')
    const { certificate } = await scene.clients.node('ada')
    expect(await code({ authorities: scene.keep('leaf', certificate) })).to.equal('CLIENT_AUTHORITIES_UNUSABLE')
    expect(await code({ revoked: scene.keep('other', await nodes.revocations([])) })).to.equal('CLIENT_AUTHORITIES_UNUSABLE')
    expect(await code({ revoked: scene.keep('garbage', 'garbage') })).to.equal('CLIENT_AUTHORITIES_UNUSABLE')
    expect(await codeOf(scene.start({}, { ...identity(), credentials: () => undefined }))).to.equal('CLIENT_AUTHORITIES_MISSING')
  })
})
