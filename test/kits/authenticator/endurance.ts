import assert from 'node:assert/strict'
import type { KitPromise } from '../runner.js'
import { ask, assertKnown, type AuthenticatorSubject } from './subject.js'

const LARGE = 1024 * 1024

/** Texts that break a careless reader: empty, huge, without end, of other alphabets, full of what separates. */
const HOSTILE: readonly string[] = [
  '', ' ', '.', '..', '...', '_', '=', '====', ',', ', ', '\0', '\t', '%00', '../../../etc/passwd', '{}', '[]', 'null', 'undefined', '-1',
  '__proto__', 'constructor', 'toString', 'Bearer', 'Bearer Bearer', 'ключ', '🗝️', '\ud800', '\u2028', `' OR 1=1 --`,
  'A'.repeat(LARGE), '.'.repeat(LARGE), '_'.repeat(LARGE), '='.repeat(LARGE), ' '.repeat(LARGE), `${'A'.repeat(LARGE)}=!`,
  `${'A.'.repeat(LARGE / 2)}!`, `${'cax_'.repeat(LARGE / 4)}!`, `${'\x30\x80'.repeat(LARGE / 2)}`, '\xff'.repeat(LARGE),
]

/** What must hold under load, under attack, and when nobody waits any more. */
export const authenticatorEndurancePromises: ReadonlyArray<KitPromise<AuthenticatorSubject>> = [
  {
    name: 'lets nobody in with a credential of any size and shape, and goes on',
    test: async subject => {
      for (const text of HOSTILE) {
        const verdict = await ask(subject, subject.showing(text))
        assert.notEqual(verdict.is, 'known', `let in with ${JSON.stringify(text.slice(0, 40))}`)
      }
      for (const { what, text, principal } of subject.right) assertKnown(await ask(subject, subject.showing(text)), principal, what)
    },
  },
  {
    name: 'keeps callers apart that come at the same time',
    test: async subject => {
      const round = async (): Promise<void> => {
        await Promise.all([
          ...subject.right.map(async ({ what, text, principal }) => {
            assertKnown(await ask(subject, subject.showing(text)), principal, what)
          }),
          ...subject.wrong.map(async ({ what, origin }) => { assert.equal((await ask(subject, origin)).is, 'refused', what) }),
        ])
      }
      await Promise.all(Array.from({ length: 20 }, round))
    },
  },
  {
    name: 'stops waiting when its signal aborts, and goes on with others',
    ability: 'waits',
    test: async subject => {
      assert.ok(subject.waiting, 'the kit needs a caller for whom it has to wait')
      const origin = await subject.waiting()
      const ending = new AbortController()
      const asked = ask(subject, origin, ending.signal)
      await new Promise(resolve => { setImmediate(resolve) })
      ending.abort(new Error('nobody waits any more'))
      assert.equal((await asked).is, 'refused')
      assert.notEqual((await ask(subject, origin, AbortSignal.abort(new Error('too late')))).is, 'known')
    },
  },
]
