import { GuestFault } from '../../../kernel/contract/in-shard.js'
import type { GuestSeat, HostFunction } from './guest-seat.js'
import { probeStack } from './stack-probe.js'

/** Results of WASI preview 1 (`errno` in its witx). */
const SUCCESS = 0
const BADF = 8
const FAULT = 21
const INVALID = 28
const UNKNOWN = 52

/** A program may hand in many pieces at once; so many are written, the rest it offers again. */
const MOST_PIECES = 16
const RANDOM_BYTES = 4_096
const NANOSECONDS = 1_000_000n
const REALTIME = 0
const MONOTONIC = 1
/** File descriptor to log level: output is info, errors are warnings. */
const LEVELS: Readonly<Record<number, number>> = { 1: 1, 2: 2 }

/**
 * Makes the function behind `wasi_snapshot_preview1.<name>`: no files, no arguments, a coarse clock, output to the
 * log.
 */
export function wasiImport (name: string, seat: GuestSeat): HostFunction {
  switch (name) {
    case 'args_get':
    case 'environ_get':
    case 'sched_yield':
      return () => SUCCESS
    case 'args_sizes_get':
    case 'environ_sizes_get':
      return emptySizes(seat)
    case 'clock_res_get': return clockResolution(seat)
    case 'clock_time_get': return clockTime(seat)
    case 'fd_write': return write(seat)
    case 'random_get': return random(seat)
    case 'proc_exit':
      return (code: number) => {
        throw new GuestFault('trap', `it called exit(${code})`)
      }
    default:
      return () => BADF
  }
}

function emptySizes (seat: GuestSeat): HostFunction {
  return (count: number, bytes: number) => {
    probeStack()
    const { memory } = seat.occupant
    if (!memory.holds(count >>> 0, 4) || !memory.holds(bytes >>> 0, 4)) return FAULT
    memory.setU32(count >>> 0, 0)
    memory.setU32(bytes >>> 0, 0)
    return SUCCESS
  }
}

function clockResolution (seat: GuestSeat): HostFunction {
  return (clock: number, result: number) => {
    probeStack()
    const { memory } = seat.occupant
    if (clock !== REALTIME && clock !== MONOTONIC) return INVALID
    if (!memory.holds(result >>> 0, 8)) return FAULT
    memory.setU64(result >>> 0, NANOSECONDS)
    return SUCCESS
  }
}

/**
 * Both clocks are the host's, in whole milliseconds: a finer one would help to read what neighbours leave in caches.
 */
function clockTime (seat: GuestSeat): HostFunction {
  return (clock: number, _precision: bigint, result: number) => {
    probeStack()
    const { memory, host } = seat.occupant
    if (clock !== REALTIME && clock !== MONOTONIC) return INVALID
    if (!memory.holds(result >>> 0, 8)) return FAULT
    memory.setU64(result >>> 0, BigInt.asUintN(64, host.now() * NANOSECONDS))
    return SUCCESS
  }
}

function random (seat: GuestSeat): HostFunction {
  return (pointer: number, length: number) => {
    probeStack()
    const { memory, host } = seat.occupant
    if (length >>> 0 > RANDOM_BYTES) return INVALID
    if (!memory.holds(pointer >>> 0, length >>> 0)) return FAULT
    return host.random(memory.current(), pointer >>> 0, length >>> 0) < 0 ? UNKNOWN : SUCCESS
  }
}

function write (seat: GuestSeat): HostFunction {
  return (file: number, pieces: number, count: number, written: number) => {
    probeStack()
    const { memory, host } = seat.occupant
    const level = LEVELS[file]
    if (level === undefined) return BADF
    const start = pieces >>> 0
    const taken = Math.min(count >>> 0, MOST_PIECES)
    if (!memory.holds(start, taken * 8) || !memory.holds(written >>> 0, 4)) return FAULT
    let text = ''
    let total = 0
    for (let piece = start; piece < start + taken * 8; piece += 8) {
      const offset = memory.u32(piece)
      const length = memory.u32(piece + 4)
      if (!memory.holds(offset, length)) return FAULT
      text += memory.line(offset, length, Math.max(0, seat.logBytes - total))
      total += length
    }
    memory.setU32(written >>> 0, total >>> 0)
    const line = text.replace(/\n+$/, '')
    if (line !== '') host.log(level, line)
    return SUCCESS
  }
}
