import { MemoryStore } from '../../../plugins/store-memory/memory-store.js'
import { storeKit } from '../../kits/store.js'

storeKit('memory', {
  setup: async () => {
    const store = new MemoryStore({ max_size: 64 * 1024 * 1024 })
    return { store, stop: () => store.stop() }
  },
  teardown: subject => subject.stop(),
  lacks: ['restart'],
})
