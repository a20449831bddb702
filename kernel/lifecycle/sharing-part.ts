import { PeersToken, SharedStates, type Plugin, type Registration } from '../contract/index.js'
import { StateSharing } from './cluster/state-sharing.js'
import { part, type Surroundings } from './kernel-part.js'

/** Keeps what plugins share alike on all nodes. */
export function sharingPart ({ clock, log }: Surroundings): Plugin {
  return part({
    name: 'kernel-sharing',
    summary: 'Keeps what plugins of all nodes share alike.',
    needs: [PeersToken, SharedStates],
    register (registration: Registration) {
      const peers = registration.get(PeersToken)
      const sharings = registration.get(SharedStates).map(state => new StateSharing({ state, peers, clock, log: log('sharing') }))
      return {
        start: async () => { for (const sharing of sharings) sharing.start() },
        stop: async () => { for (const sharing of sharings) sharing.stop() },
      }
    },
  })
}
