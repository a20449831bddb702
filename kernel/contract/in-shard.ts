/**
 * What runs in a shard or in the deploy worker takes of the contract: all types of `index.ts`, and no value whose module costs time to
 * load. A thread that is started anew after an agent hung is there twice as fast without the generated messages.
 */
export * from './acts.js'
export * from './errors.js'
export * from './frame-layout.js'
export * from './name-pattern.js'
export * from './seams/agent-engine.js'
export * from './seams/protocol.js'
export type * from './index.js'
