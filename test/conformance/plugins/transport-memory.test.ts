import { transportKit } from '../../kits/transport.js'
import { memoryNodes } from '../../support/memory-nodes.js'

transportKit('memory', { setup: async () => memoryNodes(), teardown: async () => {}, lacks: ['stall'] })
