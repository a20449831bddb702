import { QUERY_PROTOCOL } from '../../../plugins/protocol-query/query-protocol.js'
import { protocolKit } from '../../kits/protocol.js'

protocolKit('query', { setup: async () => QUERY_PROTOCOL, teardown: async () => {} })
