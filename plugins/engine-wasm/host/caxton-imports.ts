import { HOST_RESULTS, type HostCall } from '../../../kernel/contract/in-shard.js'
import type { GuestSeat, HostFunction, Occupant } from './guest-seat.js'
import { probeStack } from './stack-probe.js'

/** Longest agent name or topic, longest description of a capability, and most random bytes per call. */
const NAME_BYTES = 1_024
const DESCRIPTION_BYTES = 8_192
const RANDOM_BYTES = 4_096

const LEAST_LEVEL = 0
const HIGHEST_LEVEL = 3

/**
 * Makes the function behind `caxton.<name>`, which acts for whoever has the seat. None of them throws, but for the
 * stack probe.
 */
export function caxtonImport (name: HostCall, seat: GuestSeat): HostFunction {
  switch (name) {
    case 'send': return sendImport(seat)
    case 'call': return callImport(seat)
    case 'self':
      return () => {
        probeStack()
        return seat.occupant.host.self()
      }
    case 'now':
      return () => {
        probeStack()
        return seat.occupant.host.now()
      }
    case 'lookup':
      return (pointer: number, length: number) => {
        probeStack()
        const { memory, host } = seat.occupant
        const text = memory.text(pointer >>> 0, length >>> 0, NAME_BYTES)
        return typeof text === 'number' ? 0n : host.lookup(text)
      }
    case 'register':
      return (pointer: number, length: number) => {
        probeStack()
        const { memory, host } = seat.occupant
        const text = memory.text(pointer >>> 0, length >>> 0, DESCRIPTION_BYTES)
        return typeof text === 'number' ? text : host.register(text)
      }
    case 'subscribe':
      return (pointer: number, length: number) => {
        probeStack()
        const { memory, host } = seat.occupant
        const text = memory.text(pointer >>> 0, length >>> 0, NAME_BYTES)
        return typeof text === 'number' ? text : host.subscribe(text)
      }
    case 'random': return randomImport(seat)
    case 'timer':
      return (milliseconds: number, id: number) => {
        probeStack()
        return seat.occupant.host.timer(milliseconds, id)
      }
    case 'log':
      return (level: number, pointer: number, length: number) => {
        probeStack()
        const { memory, host } = seat.occupant
        const line = memory.line(pointer >>> 0, length >>> 0, seat.logBytes)
        host.log(Math.min(Math.max(level, LEAST_LEVEL), HIGHEST_LEVEL), line)
      }
  }
}

/** `send` and `call`: the hot ones. They allocate nothing. */
function sendImport (seat: GuestSeat): HostFunction {
  return (pointer: number, length: number) => {
    probeStack()
    const { occupant } = seat
    const refusal = refusalOf(occupant, pointer >>> 0, length >>> 0)
    return refusal < 0 ? refusal : occupant.host.send(occupant.memory.current(), pointer >>> 0, length >>> 0)
  }
}

function callImport (seat: GuestSeat): HostFunction {
  return (pointer: number, length: number) => {
    probeStack()
    const { occupant } = seat
    const refusal = refusalOf(occupant, pointer >>> 0, length >>> 0)
    return refusal < 0 ? refusal : occupant.host.call(occupant.memory.current(), pointer >>> 0, length >>> 0)
  }
}

function refusalOf ({ memory, terms }: Occupant, offset: number, length: number): number {
  if (length > terms.messageBytes) return HOST_RESULTS.tooLarge
  return memory.holds(offset, length) ? HOST_RESULTS.ok : HOST_RESULTS.badRange
}

function randomImport (seat: GuestSeat): HostFunction {
  return (pointer: number, length: number) => {
    probeStack()
    const { memory, host } = seat.occupant
    if (length >>> 0 > RANDOM_BYTES) return HOST_RESULTS.tooLarge
    if (!memory.holds(pointer >>> 0, length >>> 0)) return HOST_RESULTS.badRange
    return host.random(memory.current(), pointer >>> 0, length >>> 0)
  }
}
