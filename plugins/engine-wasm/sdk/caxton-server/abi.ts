// What the server calls (ABI version 1). Authors never see this: asconfig.json adds it to every build.
import { takeOutcome, theAgent } from './agent'
import { inputFor } from './buffers'
import { Message } from './message'

const incoming = new Message()
let state: Uint8Array | null = null

export function caxton_abi_1 (): void {}

export function caxton_alloc (length: i32): usize {
  return inputFor(length)
}

export function caxton_init (at: usize, length: i32): i32 {
  theAgent().onStart(String.UTF8.decodeUnsafe(at, length))
  return takeOutcome()
}

export function caxton_handle (at: usize, length: i32): i32 {
  incoming.open(at)
  theAgent().onMessage(incoming)
  incoming.open(0)
  return takeOutcome()
}

export function caxton_tick (timer: i32): i32 {
  theAgent().onTimer(timer)
  return takeOutcome()
}

/** 0 when there is nothing to keep. */
export function caxton_save (): u64 {
  const saved = theAgent().saveBytes()
  state = saved
  return saved ? <u64>saved.dataStart << 32 | <u64>saved.length : 0
}

export function caxton_load (at: usize, length: i32, fromVersion: i32): i32 {
  if (length == 0) return 0
  const bytes = new Uint8Array(length)
  memory.copy(bytes.dataStart, at, length)
  theAgent().loadBytes(bytes, fromVersion)
  return takeOutcome()
}

export function caxton_stop (): void {
  theAgent().onStop()
}
