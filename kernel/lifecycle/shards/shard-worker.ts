import { receiveMessageOnPort, workerData, type MessagePort } from 'node:worker_threads'
import type { CreateFactory } from '../../contract/in-shard.js'
import type { Control, ShardBirth, ShardEvent } from './shard-control.js'
import { Shard } from './shard.js'

/** Entry of a shard's thread: imports the engine's factory, then hands the thread to the shard until it ends. */
interface WorkerBirth {
  readonly birth: ShardBirth
  readonly control: MessagePort
}

// Traps are frequent in hostile agents, and their stacks are of no use to anybody.
Error.stackTraceLimit = 0

const { birth, control } = workerData as WorkerBirth
const { createFactory } = await import(birth.factoryModule) as { createFactory: CreateFactory }
const factory = await createFactory(birth.engineSettings)
const takeControl = (): Control | undefined => receiveMessageOnPort(control)?.message as Control | undefined
const tell = (event: ShardEvent): void => control.postMessage(event)

new Shard(birth, factory, takeControl, tell).run()
control.close()
