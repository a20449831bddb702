import { HOST_RESULTS, type HostCall } from '../../../kernel/contract/index.js'
import type { GuestEnvironment, HostFunction } from './guest-environment.js'
import { probeStack } from './stack-probe.js'

/** Longest agent name or topic, longest description of a capability, and most random bytes per call. */
const NAME_BYTES = 1_024
const DESCRIPTION_BYTES = 8_192
const RANDOM_BYTES = 4_096

const LEAST_LEVEL = 0
const HIGHEST_LEVEL = 3

/** Makes the function behind `caxton.<name>` for one guest. None of them throws, but for the stack probe. */
export function caxtonImport (name: HostCall, environment: GuestEnvironment): HostFunction {
  const { memory, host, logBytes } = environment
  switch (name) {
    case 'send':
    case 'call':
      return frameImport(name, environment)
    case 'self':
      return () => {
        probeStack()
        return host.self()
      }
    case 'now':
      return () => {
        probeStack()
        return host.now()
      }
    case 'lookup':
      return (pointer: number, length: number) => {
        probeStack()
        const text = memory.text(pointer >>> 0, length >>> 0, NAME_BYTES)
        return typeof text === 'number' ? 0n : host.lookup(text)
      }
    case 'register':
      return (pointer: number, length: number) => {
        probeStack()
        const text = memory.text(pointer >>> 0, length >>> 0, DESCRIPTION_BYTES)
        return typeof text === 'number' ? text : host.register(text)
      }
    case 'subscribe':
      return (pointer: number, length: number) => {
        probeStack()
        const text = memory.text(pointer >>> 0, length >>> 0, NAME_BYTES)
        return typeof text === 'number' ? text : host.subscribe(text)
      }
    case 'random':
      return randomImport(environment)
    case 'timer':
      return (milliseconds: number, id: number) => {
        probeStack()
        return host.timer(milliseconds, id)
      }
    case 'log':
      return (level: number, pointer: number, length: number) => {
        probeStack()
        const line = memory.line(pointer >>> 0, length >>> 0, logBytes)
        host.log(Math.min(Math.max(level, LEAST_LEVEL), HIGHEST_LEVEL), line)
      }
  }
}

/** `send` and `call`: the hot ones. They allocate nothing. */
function frameImport (name: 'send' | 'call', environment: GuestEnvironment): HostFunction {
  const { memory, host, messageBytes } = environment
  const checked = (offset: number, length: number): number => {
    if (length > messageBytes) return HOST_RESULTS.tooLarge
    return memory.holds(offset, length) ? HOST_RESULTS.ok : HOST_RESULTS.badRange
  }
  if (name === 'send') {
    return (pointer: number, length: number) => {
      probeStack()
      const refusal = checked(pointer >>> 0, length >>> 0)
      return refusal < 0 ? refusal : host.send(memory.current(), pointer >>> 0, length >>> 0)
    }
  }
  return (pointer: number, length: number) => {
    probeStack()
    const refusal = checked(pointer >>> 0, length >>> 0)
    return refusal < 0 ? refusal : host.call(memory.current(), pointer >>> 0, length >>> 0)
  }
}

function randomImport ({ memory, host }: GuestEnvironment): HostFunction {
  return (pointer: number, length: number) => {
    probeStack()
    if (length >>> 0 > RANDOM_BYTES) return HOST_RESULTS.tooLarge
    if (!memory.holds(pointer >>> 0, length >>> 0)) return HOST_RESULTS.badRange
    return host.random(memory.current(), pointer >>> 0, length >>> 0)
  }
}
