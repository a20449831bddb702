import type { Protocol } from '../../kernel/contract/index.js'
import { protocolEndPromises } from './protocol/ends.js'
import { protocolSharedPromises } from './protocol/shared-parts.js'
import { protocolTablePromises } from './protocol/table.js'
import { type KitRunner, type KitSubject, mochaRunner, runKit } from './runner.js'

/** Abilities that may be lacking: the initiator can cancel. */
export const PROTOCOL_ABILITIES = ['cancel'] as const

/**
 * What every table of the contract's `Protocol` promises, each one test. Publish a protocol only when all of them hold:
 *
 *     protocolKit('acme-haggle', { setup: async () => HAGGLE, teardown: async () => {}, lacks: [] })
 *
 * `runner` is mocha's `describe`, `it`, `beforeEach`, `afterEach` by default; node:test and vitest have the same four.
 */
export function protocolKit (name: string, subject: KitSubject<Protocol>, runner: KitRunner = mochaRunner()): void {
  const promises = [...protocolTablePromises, ...protocolEndPromises, ...protocolSharedPromises]
  runKit(`protocol ${name}`, promises, subject, runner)
}
