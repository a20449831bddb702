import { type KitRunner, type KitSubject, mochaRunner, runKit } from './runner.js'
import { stateBatchPromises } from './state-backend/batches.js'
import { stateListPromises } from './state-backend/lists.js'
import { stateRacePromises } from './state-backend/races.js'
import type { StateBackendSubject } from './state-backend/subject.js'
import { stateValuePromises } from './state-backend/values.js'

export type { StateBackendSubject } from './state-backend/subject.js'

/** Abilities that may be lacking: data outlives a restart; several servers share one backend. */
export const STATE_BACKEND_ABILITIES = ['restart', 'sharing'] as const

/**
 * The promises of the contract's `StateBackend`, each one test. Publish a backend only when all of them hold:
 *
 *     stateBackendKit('etcd', { setup: async () => startedSubject(), teardown: subject => subject.stop(), lacks: [] })
 *
 * `setup` gives a backend that was started on no data. `runner` is mocha's `describe`, `it`, `beforeEach`, `afterEach`
 * by default; node:test and vitest have the same four.
 */
export function stateBackendKit (name: string, subject: KitSubject<StateBackendSubject>, runner: KitRunner = mochaRunner()): void {
  const promises = [...stateValuePromises, ...stateListPromises, ...stateBatchPromises, ...stateRacePromises]
  runKit(`state backend ${name}`, promises, subject, runner)
}
