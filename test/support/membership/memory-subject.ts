import type { Membership } from '../../../kernel/contract/index.js'
import type { MembershipSubject } from '../../kits/membership.js'
import { MemoryMembership, MemoryRing } from './memory-membership.js'

/** Nodes of a ring in memory; `alter` may spoil them. */
export function memoryMembers (alter: (good: MemoryMembership) => Membership = good => good): MembershipSubject {
  const ring = new MemoryRing()
  const turn = (): Promise<void> => new Promise(resolve => { setImmediate(resolve) })
  return {
    node: async nodeId => {
      const node = new MemoryMembership(nodeId, ring)
      return { membership: alter(node), seed: nodeId, stop: async () => { node.stop() }, vanish: () => { node.vanish() } }
    },
    until: async holds => {
      for (let turns = 0; !holds(); turns++) {
        if (turns > 20) throw new Error('it never comes')
        await turn()
      }
    },
    linger: turn,
  }
}
