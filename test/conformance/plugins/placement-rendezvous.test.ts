import { RendezvousPlacement } from '../../../plugins/placement-rendezvous/rendezvous-placement.js'
import { placementKit } from '../../kits/placement.js'

placementKit('rendezvous', { setup: async () => ({ placement: new RendezvousPlacement() }), teardown: async () => {} })
