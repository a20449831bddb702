import { GuestFault } from '../../../kernel/contract/in-shard.js'
import type { GuestMemory } from './guest-memory.js'
import type { GuestSeat, HostFunction } from './guest-seat.js'
import { probeStack } from './stack-probe.js'

const UTF16 = new TextDecoder('utf-16le')
const TEXT_BYTES = 1_024
const ERROR_LEVEL = 3

/** `env.abort`: what AssemblyScript calls when an assertion fails. Logs where and why, and stops the agent. */
export function abortImport (seat: GuestSeat): HostFunction {
  return (message: number, file: number, line: number, column: number) => {
    probeStack()
    const { memory, host } = seat.occupant
    const reason = managedText(memory, message >>> 0) || 'no reason given'
    const text = `abort: ${reason} (${managedText(memory, file >>> 0) || 'unknown file'}:${line}:${column})`
    host.log(ERROR_LEVEL, text)
    throw new GuestFault('trap', text)
  }
}

/** A string of the AssemblyScript runtime: UTF-16 units, their size in bytes in the four bytes before. */
function managedText (memory: GuestMemory, pointer: number): string {
  if (pointer < 4 || !memory.holds(pointer - 4, 4)) return ''
  const length = Math.min(memory.u32(pointer - 4), TEXT_BYTES) & ~1
  if (!memory.holds(pointer, length)) return ''
  return UTF16.decode(memory.current().subarray(pointer, pointer + length))
}
