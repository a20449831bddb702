import { definePlugin, PlacementToken } from '../../kernel/contract/index.js'

export default definePlugin({
  name: 'placement-rendezvous',
  summary: 'Decides where agents run, who takes over those of a dead node, and who keeps copies.',
  stability: 'beta',
  contract: '^1.0',
  provides: [PlacementToken],
  main: async () => (await import('./rendezvous-placement.js')).RendezvousPlacement,
})
