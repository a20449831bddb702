import type { AgentListing, AgentRegistry } from '../../../kernel/contract/index.js'

/** One node of those that are tested. */
export interface RegistryNode {
  readonly nodeId: string
  readonly registry: AgentRegistry
}

/** What a registry kit tests: three nodes that see one another and host nothing. */
export interface RegistrySubject {
  readonly nodes: readonly [RegistryNode, RegistryNode, RegistryNode]
  /** Resolves when everybody has heard what was said. */
  settle (): Promise<void>
}

/** What is made known of an agent. */
export function listing (name: string, changes: Partial<AgentListing> = {}): AgentListing {
  const usual = { claim: 1, delivery: 0, module: '0f'.repeat(32), offers: [], topics: [], homes: [], isBound: false }
  return { name, state: 'running', ...usual, ...changes }
}

/** Names, in order. */
export function namesOf (listings: Iterable<AgentListing>): string[] {
  return [...listings].map(({ name }) => name).toSorted((one, other) => one < other ? -1 : 1)
}
