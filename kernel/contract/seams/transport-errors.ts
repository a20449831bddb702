import { defineError } from '../errors.js'

/** What every transport raises, so that routing can tell the cases apart whichever carries the frames. */

export const TransportUnreachable = defineError({
  code: 'TRANSPORT_UNREACHABLE',
  kind: 'unavailable',
  meaning: 'No link to another node could be opened.',
  remedy: 'Check that the node runs, that it listens on this address, and that nothing between blocks the port.',
  sentence: (d: { nodeId: string, address: string, reason: string }) =>
    `node "${d.nodeId}" cannot be reached at ${d.address}: ${d.reason}`,
})

export const TransportLinkLost = defineError({
  code: 'TRANSPORT_LINK_LOST',
  kind: 'unavailable',
  meaning: 'An open link to another node ended. Frames that were on their way may be lost.',
  remedy: 'Usually none: the link is opened again when it is needed. If it happens often, look at the network and '
    + 'at the other node\'s log.',
  sentence: (d: { nodeId: string, reason: string }) => `the link to node "${d.nodeId}" ended: ${d.reason}`,
})

export const TransportFrameTooLarge = defineError({
  code: 'TRANSPORT_FRAME_TOO_LARGE',
  kind: 'invalid',
  meaning: 'A frame is larger than the transport carries. It was not sent; the link stays open.',
  remedy: 'Send less in one message, or raise the largest frame of the transport on both nodes.',
  sentence: (d: { bytes: number, most: number }) => `a frame has ${d.bytes} bytes, of at most ${d.most}`,
})

export const TransportCredentialsMissing = defineError({
  code: 'TRANSPORT_CREDENTIALS_MISSING',
  kind: 'configuration',
  meaning: 'A transport is to encrypt its links, but this node has no key and certificates.',
  remedy: 'Give them to identity-files: `caxton security gen-cert` makes them.',
  sentence: (d: { instance: string }) => `plugins.${d.instance} has tls = "required", but the node has no certificate`,
})

export const transportErrors = [
  TransportUnreachable, TransportLinkLost, TransportFrameTooLarge, TransportCredentialsMissing,
] as const
