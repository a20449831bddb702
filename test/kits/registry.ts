import { registryChangePromises } from './registry/changes.js'
import { registryLookUpPromises } from './registry/look-ups.js'
import type { RegistrySubject } from './registry/subject.js'
import { type KitRunner, type KitSubject, mochaRunner, runKit } from './runner.js'

export type { RegistryNode, RegistrySubject } from './registry/subject.js'

/**
 * The promises of the contract's `AgentRegistry`, each one test. Publish a registry only when all of them hold:
 *
 *     registryKit('gossip', { setup: async () => startedSubject(), teardown: subject => subject.stop() })
 *
 * `setup` gives three nodes that see one another.
 */
export function registryKit<S extends RegistrySubject> (
  name: string, subject: KitSubject<S>, runner: KitRunner = mochaRunner(),
): void {
  runKit<S>(`registry ${name}`, [...registryLookUpPromises, ...registryChangePromises], subject, runner)
}
