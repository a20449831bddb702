import { authenticatorKit, type AuthenticatorSubject } from '../../kits/authenticator.js'
import { derOf, MtlsScene, showingCertificate } from '../../support/authenticators/mtls-scene.js'
import { TestAuthority } from '../../support/test-authority.js'
import { VirtualClock } from '../../support/virtual-clock.js'

const DAY = 86_400_000
const RULES = {
  operators: { field: 'common-name', pattern: '*.ops', roles: ['operator', 'viewer'] },
  people: { field: 'dns', pattern: 'person-*', roles: [] },
} as const
const ENDS: Array<() => Promise<void>> = []

async function subject (): Promise<AuthenticatorSubject> {
  const clock = new VirtualClock()
  const scene = await MtlsScene.make(clock)
  const made = async (name: string, days?: number): Promise<Uint8Array> => derOf((await scene.clients.node(name, days)).certificate)
  const revoked = (await scene.clients.node('revoked.ops')).certificate
  const main = await scene.start({ rules: RULES, revoked: scene.keep('revoked.pem', await scene.clients.revocations([revoked])) })
  ENDS.push(async () => {
    await main.stop()
    scene.folder.remove()
  })
  const [expired, namesake, stranger] = [
    await made('expired.ops', 1), await TestAuthority.make(clock.now(), 'Clients'), await TestAuthority.make(clock.now(), 'Strangers'),
  ]
  clock.advance(DAY)
  const [ada, eve] = [await made('ada.ops'), await made('person-eve')]
  const textOf = (der: Uint8Array): string => Buffer.from(der).toString('latin1')
  const wrong = {
    'expired': expired,
    'revoked': derOf(revoked),
    'not named by a rule': await made('nobody'),
    'signed by another authority of the same name': derOf((await namesake.node('ada.ops')).certificate),
    'an authority itself': derOf(scene.clients.trust),
    'cut off': ada.slice(0, -1),
    'longer than it says': Buffer.concat([ada, Buffer.of(0)]),
  }
  return {
    authenticator: main,
    right: [
      { what: 'ada', text: textOf(ada), principal: { name: 'cert:ada.ops', method: 'auth-mtls', roles: ['operator', 'viewer'] } },
      { what: 'eve', text: textOf(eve), principal: { name: 'cert:dns:person-eve', method: 'auth-mtls', roles: [] } },
    ],
    wrong: Object.entries(wrong).map(([what, der]) => ({ what, origin: showingCertificate(der) })),
    foreign: [
      showingCertificate(derOf((await stranger.node('ada.ops')).certificate)),
      showingCertificate(ada, { authorization: 'Bearer a-token-that-may-be-bound' }),
      showingCertificate(ada, { 'x-caxton-api-key': 'cax_a_b' }),
    ],
    secrets: [],
    showing: text => showingCertificate(Buffer.from(text, 'latin1')),
    log: () => JSON.stringify(scene.log.lines),
  }
}

authenticatorKit('auth-mtls', {
  setup: subject,
  teardown: async () => { for (const end of ENDS.splice(0)) await end() },
  lacks: ['waits'],
})
