import type { AgentEngine } from '../../../kernel/contract/index.js'
import type { Moods } from './moody-factory.js'

/** An agent engine whose modules are names of scripts, for tests of the kernel alone. */
export const scriptEngine = (): AgentEngine => ({
  preparerModule: new URL('./preparer.js', import.meta.url).href,
  factoryModule: new URL('./factory.js', import.meta.url).href,
  settings: {},
  processFlags: [],
})

/** The same, but making the factory of a shard fails at some of the births. */
export const moodyEngine = (fails: Moods['fails']): AgentEngine => ({
  ...scriptEngine(),
  factoryModule: new URL('./moody-factory.js', import.meta.url).href,
  settings: { births: new SharedArrayBuffer(4), fails } satisfies Moods,
})
