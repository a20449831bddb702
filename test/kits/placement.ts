import { placementChoicePromises } from './placement/choices.js'
import { placementSurvivalPromises } from './placement/survival.js'
import { type KitRunner, type KitSubject, mochaRunner, runKit } from './runner.js'
import type { PlacementSubject } from './placement/subject.js'

export type { PlacementSubject } from './placement/subject.js'

/**
 * The promises of the contract's `Placement`, each one test. Publish a placement only when all of them hold:
 *
 *     placementKit('rendezvous', { setup: async () => ({ placement }), teardown: async () => {} })
 */
export function placementKit (name: string, subject: KitSubject<PlacementSubject>, runner: KitRunner = mochaRunner()): void {
  runKit(`placement ${name}`, [...placementChoicePromises, ...placementSurvivalPromises], subject, runner)
}
