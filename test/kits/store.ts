import { type KitRunner, type KitSubject, mochaRunner, runKit } from './runner.js'
import { storeBatchPromises } from './store/batches.js'
import { storeMigrationPromises } from './store/migrations.js'
import { storeOrderPromises } from './store/order.js'
import { storeScopePromises } from './store/scopes.js'
import type { StoreSubject } from './store/subject.js'

export type { StoreSubject } from './store/subject.js'

/** Ability that may be lacking: data outlives a restart. */
export const STORE_ABILITIES = ['restart'] as const

/**
 * The promises of the contract's `Store`, each one test. Publish a store only when all of them hold:
 *
 *     storeKit('redis', { setup: async () => startedSubject(), teardown: subject => subject.stop(), lacks: [] })
 *
 * `setup` gives a store that was started on no data. `runner` is mocha's `describe`, `it`, `beforeEach`, `afterEach`
 * by default; node:test and vitest have the same four.
 */
export function storeKit (name: string, subject: KitSubject<StoreSubject>, runner: KitRunner = mochaRunner()): void {
  const promises = [...storeScopePromises, ...storeOrderPromises, ...storeBatchPromises, ...storeMigrationPromises]
  runKit(`store ${name}`, promises, subject, runner)
}
