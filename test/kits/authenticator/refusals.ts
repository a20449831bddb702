import assert from 'node:assert/strict'
import { inspect } from 'node:util'
import type { KitPromise } from '../runner.js'
import { ask, type AuthenticatorSubject } from './subject.js'

/** Everything that an object holds, also what is not shown when it is printed. */
const everything = (value: unknown): string =>
  inspect(value, { depth: 20, showHidden: true, maxStringLength: Infinity, maxArrayLength: Infinity, breakLength: Infinity })

function assertHoldsNone (text: string, secrets: readonly string[], where: string): void {
  for (const secret of secrets) {
    assert.ok(secret.length >= 8, 'the kit needs secrets of eight characters or more')
    assert.ok(!text.includes(secret), `${where} holds a secret`)
  }
}

/** What happens to credentials that are wrong. */
export const authenticatorRefusalPromises: ReadonlyArray<KitPromise<AuthenticatorSubject>> = [
  {
    // Undefined would have it tried by the others, and would tell a forged credential from an unknown one.
    name: 'throws for a credential of its kind that is wrong, however it is wrong',
    test: async subject => {
      assert.ok(subject.wrong.length > 0, 'the kit needs wrong credentials')
      for (const { what, origin } of subject.wrong) {
        const verdict = await ask(subject, origin)
        assert.equal(verdict.is, 'refused', `${what}: ${verdict.is}`)
        if (verdict.is === 'refused') assert.ok(verdict.error instanceof Error, `${what}: threw no Error`)
      }
    },
  },
  {
    name: 'says exactly what is wrong, for the log',
    test: async subject => {
      for (const { what, origin } of subject.wrong) {
        const verdict = await ask(subject, origin)
        const message = verdict.is === 'refused' && verdict.error instanceof Error ? verdict.error.message : ''
        assert.ok(message.length >= 10, `${what}: "${message}" says nothing`)
      }
    },
  },
  {
    name: 'tells nobody a part of a credential: not in errors, not in principals, not in the log',
    test: async subject => {
      const origins = [...subject.right.map(({ text }) => subject.showing(text)), ...subject.wrong.map(({ origin }) => origin)]
      for (const origin of origins) {
        const verdict = await ask(subject, origin)
        assertHoldsNone(everything(verdict), subject.secrets, verdict.is === 'refused' ? 'the error' : 'the principal')
      }
      assertHoldsNone(subject.log(), subject.secrets, 'the log')
    },
  },
  {
    name: 'lets nobody in with a right credential of which anything was changed',
    test: async subject => {
      for (const { what, text } of subject.right) {
        for (const changed of alterations(text)) {
          const verdict = await ask(subject, subject.showing(changed))
          assert.notEqual(verdict.is, 'known', `${what}: let in with ${JSON.stringify(changed)} for ${JSON.stringify(text)}`)
        }
      }
    },
  },
]

/** Places of a credential that are changed, spread over it. */
const PLACES = 64

/** A text with one character changed, left out or doubled, cut at either end, repeated, and in other letters. */
function alterations (text: string): string[] {
  const places = Array.from({ length: PLACES }, (_, i) => Math.floor(i * text.length / PLACES))
  const changed = [...new Set([...places, text.length - 1])].flatMap(at => {
    const [before, here, after] = [text.slice(0, at), text.slice(at, at + 1), text.slice(at + 1)]
    return [before + (here === 'A' ? 'B' : 'A') + after, before + after, before + here + here + after]
  })
  const ends = [text.slice(0, text.length / 2), text.slice(text.length / 2), `${text}A`, `A${text}`, `${text}=`, `${text}${text}`]
  const letters = [text.toUpperCase(), text.toLowerCase(), [...text].reverse().join('')]
  return [...new Set([...changed, ...ends, ...letters])].filter(other => other !== text)
}
