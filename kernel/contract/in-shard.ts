/**
 * What runs in a shard, in the deploy worker or in a plugin's own thread takes of the contract: all types of `index.ts`, and no value whose
 * module costs time and memory to load, as the generated messages do. A thread that is started anew after an agent hung is there twice as
 * fast without them.
 */
export * from './acts.js'
export * from './errors.js'
export * from './frame-layout.js'
export * from './name-pattern.js'
export * from './seams/agent-engine.js'
export * from './seams/protocol.js'
export * from './seams/state-errors.js'
export * from './seams/state-rules.js'
export * from './seams/store-errors.js'
export type * from './index.js'
