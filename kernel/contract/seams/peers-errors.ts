import { defineError } from '../errors.js'

export const PeerUnreachable = defineError({
  code: 'PEER_UNREACHABLE',
  kind: 'unavailable',
  meaning: 'Another node can\'t be spoken to at the moment.',
  remedy: 'See how it does with `caxton cluster members`; the log of this node says why no link to it opens.',
  sentence: (d: { nodeId: string, reason: string }) => `node "${d.nodeId}" can't be spoken to: ${d.reason}`,
})

export const PeerBusy = defineError({
  code: 'PEER_BUSY',
  kind: 'exhausted',
  meaning: 'Too much waits already to be sent to, or answered by, another node.',
  remedy: 'Try again in a moment. If it goes on, look at the network between the two and at the load of the other node.',
  sentence: (d: { nodeId: string }) => `too much waits for node "${d.nodeId}" already`,
})

export const peersErrors = [PeerUnreachable, PeerBusy] as const
