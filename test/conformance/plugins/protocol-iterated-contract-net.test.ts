import { ITERATED_CONTRACT_NET_PROTOCOL } from '../../../plugins/protocol-iterated-contract-net/iterated-contract-net-protocol.js'
import { protocolKit } from '../../kits/protocol.js'

protocolKit('iterated-contract-net', { setup: async () => ITERATED_CONTRACT_NET_PROTOCOL, teardown: async () => {} })
