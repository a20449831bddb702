import { expect } from 'chai'
import { Secret } from '../../../../kernel/contract/index.js'
import { OauthTokens } from '../../../../plugins/tools-mcp/servers/oauth-tokens.js'
import type { ServerConfig } from '../../../../plugins/tools-mcp/tools-mcp-config.js'
import { IdentityProvider } from '../../../support/tokens/identity-provider.js'
import { GuardedServer } from '../../../support/tools/guarded-server.js'
import { ToolHost } from '../../../support/tools/tool-host.js'
import { until } from '../../../support/until.js'
import { VirtualClock } from '../../../support/virtual-clock.js'

const MINUTE = 60_000

/** A tool server that wants tokens of a provider that others wrote, so that what is agreed on is the standard and not our reading of it. */
describe('a tool server that wants a token', () => {
  const provider = new IdentityProvider()
  let server: GuardedServer
  let hosts: ToolHost[]

  before(() => provider.start())
  after(() => provider.stop())
  beforeEach(async () => {
    hosts = []
    server = new GuardedServer(provider.issuer, (token, resource) => provider.isGood(token, resource))
    await server.start()
  })
  afterEach(async () => {
    for (const { tools } of hosts) await tools.stop()
    await server.stop()
  })

  const hostWith = (more: Partial<ServerConfig> = {}): ToolHost => {
    const host = new ToolHost({
      guarded: { url: server.url, issuer: provider.issuer, client_id: 'ci', client_secret: new Secret('ci-secret'), ...more },
    }, { restart_delay: MINUTE, restart_delay_max: MINUTE })
    hosts.push(host)
    return host
  }
  /** What the log and the health say when the server can't be reached. */
  const failureOf = async (more: Partial<ServerConfig>): Promise<string> => {
    const host = hostWith(more)
    await host.tools.start()
    await until(() => host.tools.desks.get('guarded')?.link.state === 'waiting')
    return host.tools.health().detail ?? ''
  }

  it('is called with one that was made for it, asked for once and kept', async () => {
    const host = hostWith()
    await host.start()
    expect([await host.said('guarded.hello'), await host.said('guarded.hello')]).to.deep.equal(['hello', 'hello'])
    expect(server.shown.size).to.equal(1)
  })

  it('gets none when the issuer does not know us, which is said without the secret', async () => {
    const detail = await failureOf({ client_secret: new Secret('hunter2') })
    expect(detail).to.include('"guarded"')
    expect(detail).not.to.include('hunter2')
    expect(server.shown.size).to.equal(0)
  })

  it('can\'t have the secret sent to an issuer of its own choice', async () => {
    const other = new IdentityProvider()
    await other.start()
    try {
      expect(await failureOf({ issuer: other.issuer })).to.include(new URL(provider.issuer).origin)
      expect(other.requests).to.deep.equal([])
    } finally {
      await other.stop()
    }
  })

  it('can\'t have anything read from a third place', async () => {
    const third = new IdentityProvider()
    await third.start()
    try {
      server.sendsTo = third.url('/latest/meta-data').href
      expect(await failureOf({})).to.include('"guarded"')
      expect(third.requests).to.deep.equal([])
    } finally {
      await third.stop()
    }
  })

  it('is shown another token before the old one ends, asked for once, and the old one while there is no other', async () => {
    const clock = new VirtualClock()
    let isDown = false
    const tokens = new OauthTokens({
      client: { issuer: provider.issuer, id: 'ci', secret: new Secret('ci-secret'), scopes: ['deploy'] }, url: server.url, clock,
      fetch: async (to, init) => {
        if (isDown) throw new Error('the provider is away')
        return fetch(to, init)
      },
    })
    expect(await tokens.token()).to.equal(undefined)
    await tokens.onUnauthorized({ response: await fetch(server.url, { method: 'POST' }) })
    const first = await tokens.token()
    expect(first).to.be.a('string')
    await clock.pass(8 * MINUTE)
    expect(await tokens.token()).to.equal(first)
    await clock.pass(MINUTE + 1)
    isDown = true
    expect(await tokens.token()).to.equal(first)
    isDown = false
    const asked = provider.requests.filter(path => path === '/token').length
    const renewed = await Promise.all([tokens.token(), tokens.token(), tokens.token()])
    expect(new Set(renewed).size).to.equal(1)
    expect(renewed[0]).not.to.equal(first)
    expect(provider.requests.filter(path => path === '/token').length - asked).to.equal(1)
    isDown = true
    await clock.pass(11 * MINUTE)
    expect(String(await tokens.token().catch((error: unknown) => error))).to.include('away')
    expect(clock.pending).to.equal(0)
  })
})
