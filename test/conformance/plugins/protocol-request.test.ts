import { REQUEST_PROTOCOL } from '../../../plugins/protocol-request/request-protocol.js'
import { protocolKit } from '../../kits/protocol.js'

protocolKit('request', { setup: async () => REQUEST_PROTOCOL, teardown: async () => {} })
