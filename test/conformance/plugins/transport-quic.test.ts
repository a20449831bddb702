import { transportKit } from '../../kits/transport.js'
import { quicNodes } from '../../support/quic-nodes.js'

const teardown = async (): Promise<void> => {}

transportKit('quic (libp2p) without certificates', { setup: async () => quicNodes('libp2p', false), teardown })
transportKit('quic (libp2p) with certificates', { setup: async () => quicNodes('libp2p', true), teardown })
