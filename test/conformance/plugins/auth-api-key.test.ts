import { authenticatorKit, type AuthenticatorSubject, type RightCredential } from '../../kits/authenticator.js'
import { ApiKeyScene, showing } from '../../support/authenticators/api-key-scene.js'

const ENDS: Array<() => Promise<void>> = []
const secretOf = (key: string): string => key.slice(key.lastIndexOf('_') + 1)

async function subject (): Promise<AuthenticatorSubject> {
  const scene = await ApiKeyScene.start()
  ENDS.push(() => scene.end())
  const right: RightCredential[] = []
  for (const [name, roles] of [['ada', ['admin']], ['grace', ['viewer', 'developer']], ['nobody-much', []]] as const) {
    const principal = { name: `key:${name}`, method: 'auth-api-key', roles }
    right.push({ what: name, text: await scene.key(name, roles), principal })
  }
  const [brief, revoked, rotated] = [await scene.key('brief', [], 1_000), await scene.key('revoked'), await scene.key('rotated')]
  await scene.main.keys.revoke('revoked')
  await scene.main.keys.rotate('rotated', 1_000)
  await scene.clock.pass(1_000)
  const known = right[0]?.text ?? ''
  const forged = `${known.slice(0, -secretOf(brief).length)}${secretOf(brief)}`
  const unknown = `cax_${'a'.repeat(16)}_${'b'.repeat(56)}`
  const wrong = Object.entries({ brief, revoked, rotated, forged, unknown, malformed: 'cax_of_another_kind', cut: known.slice(0, -1) })
  const headers = (all: Record<string, string>) => ({ face: 'api-grpc', address: '192.0.2.1', headers: new Map(Object.entries(all)) })
  return {
    authenticator: scene.main,
    right,
    wrong: [
      ...wrong.map(([what, text]) => ({ what, origin: showing(text) })),
      { what: 'none at all in the header for keys', origin: headers({ 'x-caxton-api-key': '' }) },
      { what: 'a forged one in the header for keys', origin: headers({ 'x-caxton-api-key': forged, 'authorization': `Bearer ${known}` }) },
    ],
    foreign: [showing('eyJhbGciOiJFUzI1NiJ9.e30.c2ln'), showing('opaque-token-of-a-provider'), headers({ authorization: 'Bearer' })],
    secrets: [...right.map(({ text }) => secretOf(text)), ...[brief, revoked, rotated, unknown].map(secretOf)],
    showing,
    log: () => JSON.stringify(scene.log.lines),
  }
}

authenticatorKit('auth-api-key', {
  setup: subject,
  teardown: async () => { for (const end of ENDS.splice(0)) await end() },
  lacks: ['waits'],
})
