import assert from 'node:assert/strict'
import type { KitPromise } from '../runner.js'
import { ask, assertKnown, originWith, type AuthenticatorSubject } from './subject.js'

/** Headers that name no credential which an authenticator of ours or anybody's would know, in every case that occurs. */
const FOREIGN: ReadonlyArray<Readonly<Record<string, string>>> = [
  {},
  { authorization: '' },
  { authorization: 'Basic YWRhOmxvdmVsYWNl' },
  { authorization: 'Negotiate YIIJ' },
  { authorization: 'Digest username="ada", response="6629fae49393a05397450978507c4ef1"' },
  { cookie: 'session=4711', 'user-agent': 'kit', 'x-forwarded-for': '10.0.0.1', 'x-forwarded-user': 'root' },
]

/** Who is let in, and who is left to others. */
export const authenticatorRecognitionPromises: ReadonlyArray<KitPromise<AuthenticatorSubject>> = [
  {
    name: 'leaves callers with no credential, or one of another kind, to other authenticators',
    test: async subject => {
      for (const origin of [...FOREIGN.map(originWith), ...subject.foreign]) {
        assert.deepEqual(await ask(subject, origin), { is: 'unknown' }, `headers ${JSON.stringify([...origin.headers])}`)
      }
    },
  },
  {
    name: 'lets in who shows a right credential, and says who that is',
    test: async subject => {
      assert.ok(new Set(subject.right.map(({ principal }) => principal.name)).size >= 2, 'the kit needs two principals')
      for (const { what, text, principal } of subject.right) {
        assertKnown(await ask(subject, subject.showing(text)), principal, what)
        assert.match(principal.name, /^[^\p{C}]{1,256}$/u, 'a name fits one line of a log')
        assert.notEqual(principal.name, 'anonymous', 'that is everybody')
      }
    },
  },
  {
    name: 'says the same of a caller again, whatever was done to what it said before',
    test: async subject => {
      for (const { what, text, principal } of subject.right) {
        const first = await ask(subject, subject.showing(text))
        if (first.is === 'known') {
          Reflect.set(first.principal, 'name', 'root')
          Reflect.set(first.principal, 'roles', ['admin'])
          Reflect.set(first.principal.roles, 0, 'admin')
        }
        assertKnown(await ask(subject, subject.showing(text)), principal, what)
      }
    },
  },
  {
    name: 'takes what face, address and other headers say for no proof',
    test: async subject => {
      for (const { origin } of subject.wrong) {
        const headers = new Map([...origin.headers, ['caxton-instance', 'x'], ['x-forwarded-for', '127.0.0.1'], ['x-caxton-role', 'admin']])
        const verdict = await ask(subject, { ...origin, face: 'dashboard-web', address: '127.0.0.1', headers })
        assert.equal(verdict.is, 'refused')
      }
    },
  },
]
