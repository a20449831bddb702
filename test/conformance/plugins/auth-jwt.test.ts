import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { AuthJwtConfig } from '../../../plugins/auth-jwt/auth-jwt-config.js'
import { JwtAuthenticator } from '../../../plugins/auth-jwt/jwt-authenticator.js'
import { authenticatorKit, type AuthenticatorSubject } from '../../kits/authenticator.js'
import { noEvents, QuietContext } from '../../support/quiet-context.js'
import { TemporaryFolder } from '../../support/temporary-folder.js'
import { callWith, ISSUER } from '../../support/tokens/jwt-scene.js'
import { keySetOf, NOW, TokenMaker } from '../../support/tokens/token-maker.js'
import { VirtualClock } from '../../support/virtual-clock.js'

interface Subject extends AuthenticatorSubject {
  stop (): Promise<void>
}

const SLOW = 'https://slow.test'

/** Publishes keys once, and never answers again. */
async function slowIssuer (keys: string): Promise<Server> {
  let asked = 0
  const server = createServer((_request, response) => { if (asked++ === 0) response.end(keys) })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return server
}

authenticatorKit<Subject>('auth-jwt', {
  setup: async () => {
    const [maker, stranger] = await Promise.all([TokenMaker.withKey('one'), TokenMaker.withKey('one')])
    const folder = new TemporaryFolder()
    const slow = await slowIssuer(keySetOf(maker))
    const { port } = slow.address() as AddressInfo
    writeFileSync(folder.file('keys.json'), keySetOf(maker))
    const context = new QuietContext('auth-jwt')
    const clock = new VirtualClock()
    const config: AuthJwtConfig = {
      issuers: {
        corporate: { ...ISSUER, key_file: folder.file('keys.json') },
        slow: { ...ISSUER, issuer: SLOW, key_file: undefined, jwks_url: new URL(`http://127.0.0.1:${port}/`) },
      },
      max_token: 8192, cache_entries: 100, timeout: 5000,
    }
    const authenticator = new JwtAuthenticator(clock, config, context, noEvents)
    await authenticator.start()
    const wrong = {
      'expired': await maker.token({ exp: NOW - 31 }), 'not yet valid': await maker.token({ nbf: NOW + 60 }),
      'for another audience': await maker.token({ aud: 'other' }), 'of another type': await maker.token({}, { typ: 'JWT' }),
      'forged': await stranger.token(), 'signed with an unknown key': await maker.token({}, { kid: 'two' }),
      'nobody\'s': await maker.token({ sub: undefined }), 'bound to a certificate': await maker.token({ cnf: { 'x5t#S256': 'x' } }),
    }
    const right = [await maker.token(), await maker.token({ sub: 'bob', roles: [] })]
    return {
      authenticator,
      right: [
        { what: 'Alice\'s', text: right[0] ?? '', principal: { name: 'jwt:corporate/alice', method: 'auth-jwt', roles: ['operator'] } },
        { what: 'Bob\'s', text: right[1] ?? '', principal: { name: 'jwt:corporate/bob', method: 'auth-jwt', roles: [] } },
      ],
      wrong: Object.entries(wrong).map(([what, token]) => ({ what, origin: callWith(token) })),
      foreign: [callWith('opaque'), callWith('a.b.c'), callWith(await maker.token({ iss: 'https://elsewhere.test' }))],
      secrets: [...right, ...Object.values(wrong)].flatMap(token => [token, token.split('.')[2] ?? token]),
      showing: text => callWith(text),
      log: () => JSON.stringify(context.log.lines),
      waiting: async () => {
        clock.advance(10_000)
        return callWith(await maker.token({ iss: SLOW }, { kid: 'new' }))
      },
      stop: async () => {
        await authenticator.stop()
        slow.closeAllConnections()
        slow.close()
        folder.remove()
      },
    }
  },
  teardown: subject => subject.stop(),
})
