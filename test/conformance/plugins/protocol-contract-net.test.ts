import { CONTRACT_NET_PROTOCOL } from '../../../plugins/protocol-contract-net/contract-net-protocol.js'
import { protocolKit } from '../../kits/protocol.js'

protocolKit('contract-net', { setup: async () => CONTRACT_NET_PROTOCOL, teardown: async () => {} })
