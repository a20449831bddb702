import { type KitRunner, type KitSubject, mochaRunner, runKit } from './runner.js'
import { transportFramePromises } from './transport/frames.js'
import { transportLinkPromises } from './transport/links.js'
import type { TransportNode, TransportSubject } from './transport/subject.js'

export type { TransportNode, TransportSubject } from './transport/subject.js'

/** Abilities that may be lacking: a test can make a node vanish, or stop answering. */
export const TRANSPORT_ABILITIES = ['vanish', 'stall'] as const

/**
 * The promises of the contract's `Transport`, each one test. Publish a transport only when all of them hold:
 *
 *     transportKit('quic', { setup: async () => subject(), teardown: async () => {}, lacks: [] })
 *
 * `setup` gives a maker of nodes that can reach each other; the kit starts and stops them. `runner` is mocha's
 * `describe`, `it`, `beforeEach`, `afterEach` by default; node:test and vitest have the same four.
 */
export function transportKit (name: string, subject: KitSubject<TransportSubject>, runner: KitRunner = mochaRunner()): void {
  const made: TransportNode[] = []
  const setup = async (): Promise<TransportSubject> => {
    const inner = await subject.setup()
    const node = async (nodeId: string): Promise<TransportNode> => {
      const each = await inner.node(nodeId)
      made.push(each)
      return each
    }
    return { largestFrame: inner.largestFrame, node }
  }
  const teardown = async (given: TransportSubject): Promise<void> => {
    for (const node of made.splice(0).reverse()) await node.stop()
    await subject.teardown(given)
  }
  const promises = [...transportFramePromises, ...transportLinkPromises]
  runKit(`transport ${name}`, promises, { setup, teardown, lacks: subject.lacks ?? [] }, runner)
}
