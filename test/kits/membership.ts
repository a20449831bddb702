import { membershipAskPromises } from './membership/asks.js'
import { membershipEndPromises } from './membership/ends.js'
import { membershipSightPromises } from './membership/sight.js'
import type { MembershipSubject } from './membership/subject.js'
import { type KitRunner, type KitSubject, mochaRunner, runKit } from './runner.js'

export type { MembershipNode, MembershipSubject } from './membership/subject.js'

/**
 * The promises of the contract's `Membership`, each one test. Publish a membership only when all of them hold:
 *
 *     membershipKit('nats', { setup: async () => startedSubject(), teardown: subject => subject.stop() })
 *
 * `setup` gives nodes that can hear one another, in real time or in one that the subject turns by itself.
 */
export function membershipKit<S extends MembershipSubject> (
  name: string, subject: KitSubject<S>, runner: KitRunner = mochaRunner(),
): void {
  runKit<S>(`membership ${name}`, [...membershipSightPromises, ...membershipEndPromises, ...membershipAskPromises], subject, runner)
}
