import type { Migration } from '../../kernel/contract/index.js'
import { KEYS } from './keys/key-keeper.js'
import { INCARNATION } from './members/incarnation.js'
import { ROSTER } from './partition/roster.js'

/** What the plugin keeps. */
export const clusterStore: readonly Migration[] = [
  { version: 1, summary: 'The incarnation, the nodes that belong to the cluster, and the keys.', creates: [INCARNATION, ROSTER, KEYS] },
]
