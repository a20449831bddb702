import { tokenMany } from '../token.js'

/**
 * Something small that every node of a cluster is to have alike, though each may change it: API keys, grants. The kernel carries it from
 * node to node, over encrypted links only, when one changed it, when a link opens, and every so often in any case; each node then has
 * what the other had and what it has itself. Nodes believe each other.
 */
export interface SharedState {
  /** At most 64 bytes, the same on two nodes exactly if they have the same. Must not block. */
  digest (): Uint8Array
  /** All of it, at most 16 MiB. Must not block. */
  contents (): Uint8Array
  /**
   * Takes in what another node has. In whichever order nodes do this, and however often, they end with the same. Throws when it makes no
   * sense.
   */
  merge (contents: Uint8Array): Promise<void>
  /** Calls back after each change that was made on this node, until `signal` aborts. Not for what came by {@link merge}. */
  onChange (changed: () => void, signal: AbortSignal): void
}

/** The name of the plugin's instance tells the nodes which state is meant: it must be the same on all. */
export const SharedStates = tokenMany<SharedState>('caxton/shared-state@1')
