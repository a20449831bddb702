import { Oauth2Authenticator } from '../../../plugins/auth-oauth2/oauth2-authenticator.js'
import { authenticatorKit, type AuthenticatorSubject } from '../../kits/authenticator.js'
import { noEvents, QuietContext } from '../../support/quiet-context.js'
import { IntrospectionServer } from '../../support/tokens/introspection-server.js'
import { callWith } from '../../support/tokens/jwt-scene.js'
import { OAUTH2 } from '../../support/tokens/oauth2-scene.js'
import { NOW, partOf } from '../../support/tokens/token-maker.js'
import { VirtualClock } from '../../support/virtual-clock.js'

interface Subject extends AuthenticatorSubject {
  stop (): Promise<void>
}

const GOOD = { active: true, aud: 'caxton', exp: NOW + 600, sub: 'alice' }
const TOKENS = {
  'alice-s3cret-token': { ...GOOD, scope: 'deploy' },
  'robot-s3cret-token': { ...GOOD, sub: undefined, client_id: 'robot' },
  'expired-s3cret-token': { ...GOOD, exp: NOW - 31 },
  'early-s3cret-token': { ...GOOD, nbf: NOW + 60 },
  'other-s3cret-token': { ...GOOD, aud: 'other' },
  'nobody-s3cret-token': { ...GOOD, sub: undefined },
  'bound-s3cret-token': { ...GOOD, cnf: { 'x5t#S256': 'x' } },
  'dpop-s3cret-token': { ...GOOD, token_type: 'DPoP' },
}
const WRONG = Object.keys(TOKENS).slice(2)

authenticatorKit<Subject>('auth-oauth2', {
  setup: async () => {
    const server = await IntrospectionServer.open(TOKENS)
    const context = new QuietContext('auth-oauth2')
    const config = { ...OAUTH2, introspection_url: server.url, max_questions: 1000 }
    const authenticator = new Oauth2Authenticator(new VirtualClock(), config, context, noEvents)
    await authenticator.start()
    return {
      authenticator,
      right: [
        { what: 'Alice\'s', text: 'alice-s3cret-token', principal: { name: 'oauth2:alice', method: 'auth-oauth2', roles: ['operator'] } },
        { what: 'a robot\'s', text: 'robot-s3cret-token', principal: { name: 'oauth2:client:robot', method: 'auth-oauth2', roles: [] } },
      ],
      wrong: ['unknown-s3cret-token', 'x'.repeat(4097), ...WRONG].map(token => ({ what: token.slice(0, 20), origin: callWith(token) })),
      foreign: [callWith('cax_aaaaaaaaaaaaaaaa_bbbb'), callWith(`${partOf({ alg: 'ES256' })}.${partOf({ iss: 'https://id.test' })}.c2ln`)],
      secrets: [...Object.keys(TOKENS), 'unknown-s3cret-token', 'server-secret'],
      showing: text => callWith(text),
      log: () => JSON.stringify(context.log.lines),
      waiting: async () => callWith('slow-s3cret-token'),
      stop: async () => {
        await authenticator.stop()
        await server.close()
      },
    }
  },
  teardown: subject => subject.stop(),
})
