import { token } from '../../kernel/contract/index.js'
import type { MemoryNetwork } from './memory-network.js'

/**
 * The network that nodes of one process share. Whoever starts several servers in a process makes one network and
 * provides it to each under this token; a server that is given none has a network of its own, on which it is alone.
 */
export const MemoryNetworkToken = token<MemoryNetwork>('caxton/memory-network@1')
