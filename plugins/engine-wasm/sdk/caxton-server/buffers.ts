import { At, FORMAT_VERSION, HEADER_BYTES } from './frame'
import { hostCall, hostSend } from './host'
import { Result } from './result'

// Two buffers outside the garbage collector, one for what comes in and one for what goes out. They grow and are used
// again, so that receiving and sending allocate nothing.
const SMALLEST: i32 = 512
const LARGEST: i32 = 1 << 28
const LONGEST_FIELD: i32 = 65535

let input: usize = 0
let inputSpace: i32 = 0
let output: usize = 0
let outputSpace: i32 = 0
let used: i32 = 0
let tooLong: bool = false

/** Room for `length` incoming bytes, or 0 when that is no sensible length. */
export function inputFor (length: i32): usize {
  if (<u32>length > <u32>LARGEST) return 0
  if (length > inputSpace || !input) {
    if (input) heap.free(input)
    inputSpace = max(max(length, inputSpace * 2), SMALLEST)
    input = heap.alloc(inputSpace)
  }
  return input
}

/** Address where the next `more` outgoing bytes go. */
function room (more: i32): usize {
  const needed = used + more
  if (needed > outputSpace) {
    outputSpace = max(max(needed, outputSpace * 2), SMALLEST)
    output = output ? heap.realloc(output, outputSpace) : heap.alloc(outputSpace)
  }
  return output + used
}

/** Begins an outgoing frame. What the host stamps is left as it is. */
export function beginFrame (act: i32, modes: u16, receiver: u64, conversation: u64, deadline: i64, flags: u32 = 0): void {
  used = 0
  tooLong = false
  const at = room(HEADER_BYTES)
  used = HEADER_BYTES
  store<u32>(at, <u32>FORMAT_VERSION | <u32>act << 8 | <u32>modes << 16, At.formatVersion)
  store<u64>(at, receiver, At.receiver)
  store<u64>(at, conversation, At.conversation)
  store<i64>(at, deadline, At.deadline)
  store<u32>(at, flags << 8, At.traceFlags)
}

/** Adds a field by its text; an empty one is left out. */
export function addField (tag: i32, text: string): void {
  if (text.length == 0) return
  const at = room(4 + text.length * 3)
  const length = <i32>String.UTF8.encodeUnsafe(changetype<usize>(text), text.length, at + 4)
  if (length > LONGEST_FIELD) {
    tooLong = true
    return
  }
  store<u32>(at, tag | length << 16)
  used += 4 + length
}

/** Adds a field that holds a number. */
export function addNumber (tag: i32, value: i64): void {
  const at = room(12)
  store<u32>(at, tag | 8 << 16)
  store<i64>(at, value, 4)
  used += 12
}

/** Adds the field at this address of another frame, under a tag. */
export function copyField (tag: i32, from: usize): void {
  const length = 4 + <i32>load<u16>(from, 2)
  const at = room(length)
  memory.copy(at, from, length)
  store<u16>(at, tag)
  used += length
}

/** Says that content follows. */
export function endFields (): void {
  store<u32>(output, used - HEADER_BYTES, At.fieldBytes)
}

export function addBytes (from: usize, length: i32): void {
  const at = room(length)
  memory.copy(at, from, length)
  used += length
}

export function addText (text: string): void {
  const at = room(text.length * 3)
  used += <i32>String.UTF8.encodeUnsafe(changetype<usize>(text), text.length, at)
}

/** Sends the frame that was begun. A field over 65,535 bytes makes it malformed. */
export function sendFrame (): Result {
  if (tooLong) return Result.Malformed
  store<u32>(output, used, At.length)
  return <Result>hostSend(output, used)
}

/** Hands the frame to a service of the server. */
export function callFrame (): Result {
  if (tooLong) return Result.Malformed
  store<u32>(output, used, At.length)
  return <Result>hostCall(output, used)
}

/** The header of the frame that was sent, with what the host wrote back. */
export function sentFrame (): usize {
  return output
}

/** Encodes a text for a host call; its address is {@link textAddress}. */
export function encodeText (text: string): i32 {
  used = 0
  return <i32>String.UTF8.encodeUnsafe(changetype<usize>(text), text.length, room(text.length * 3))
}

export function textAddress (): usize {
  return output
}
