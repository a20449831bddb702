import { authenticatorEndurancePromises } from './authenticator/endurance.js'
import { authenticatorRecognitionPromises } from './authenticator/recognition.js'
import { authenticatorRefusalPromises } from './authenticator/refusals.js'
import type { AuthenticatorSubject } from './authenticator/subject.js'
import { type KitRunner, type KitSubject, mochaRunner, runKit } from './runner.js'

export type { AuthenticatorSubject, RightCredential, WrongCredential } from './authenticator/subject.js'

/** Ability that may be lacking: it asks somebody else, and may have to wait. */
export const AUTHENTICATOR_ABILITIES = ['waits'] as const

/**
 * The promises of the contract's `Authenticator`, each one test. Publish an authenticator only when all of them hold:
 *
 *     authenticatorKit('ldap', { setup: async () => startedSubject(), teardown: subject => subject.stop(), lacks: [] })
 *
 * `setup` gives an authenticator that was started, with credentials that it must and must not let in.
 */
export function authenticatorKit<S extends AuthenticatorSubject> (
  name: string, subject: KitSubject<S>, runner: KitRunner = mochaRunner(),
): void {
  const promises = [...authenticatorRecognitionPromises, ...authenticatorRefusalPromises, ...authenticatorEndurancePromises]
  runKit<S>(`authenticator ${name}`, promises, subject, runner)
}
