import type { AgentEngine } from '../../../kernel/contract/index.js'

/** An agent engine whose modules are names of scripts, for tests of the kernel alone. */
export const scriptEngine = (): AgentEngine => ({
  preparerModule: new URL('./preparer.js', import.meta.url).href,
  factoryModule: new URL('./factory.js', import.meta.url).href,
  settings: {},
  processFlags: [],
})
