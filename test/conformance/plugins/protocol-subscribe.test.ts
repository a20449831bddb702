import { SUBSCRIBE_PROTOCOL } from '../../../plugins/protocol-subscribe/subscribe-protocol.js'
import { protocolKit } from '../../kits/protocol.js'

protocolKit('subscribe', { setup: async () => SUBSCRIBE_PROTOCOL, teardown: async () => {} })
