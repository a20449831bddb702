import { transportKit } from '../../kits/transport.js'
import { tcpNodes } from '../../support/tcp-nodes.js'

const teardown = async (): Promise<void> => {}

transportKit('tcp without TLS', { setup: async () => tcpNodes(false), teardown })
transportKit('tcp with mutual TLS', { setup: async () => tcpNodes(true), teardown })
transportKit('tcp with mutual TLS and compression', { setup: async () => tcpNodes(true, { compression: true }), teardown })
