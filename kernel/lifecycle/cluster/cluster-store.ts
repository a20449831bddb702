import type { Migration } from '../../contract/index.js'
import { COPIES, COPIED_MODULES } from './copy-keeper.js'
import { WRITES } from './queued-writes.js'

/** What a node keeps for its cluster. */
export const CLUSTER_MIGRATIONS: readonly Migration[] = [{
  version: 1, summary: 'copies of agents of other nodes, their modules by SHA-256, and changes that wait for a majority',
  creates: [COPIES, COPIED_MODULES, WRITES],
}]
