import { PROPOSE_PROTOCOL } from '../../../plugins/protocol-propose/propose-protocol.js'
import { protocolKit } from '../../kits/protocol.js'

protocolKit('propose', { setup: async () => PROPOSE_PROTOCOL, teardown: async () => {} })
