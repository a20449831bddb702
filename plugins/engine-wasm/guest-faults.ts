import { GuestFault } from '../../kernel/contract/in-shard.js'

/**
 * Says why a guest stopped. An error that is neither the guest's nor the engine's comes from the host itself and is
 * handed on unchanged. `fuelLeft` is negative when the guest's own check stopped it.
 */
export function faultOf (error: unknown, fuelLeft: bigint): unknown {
  if (error instanceof GuestFault) return error
  if (error instanceof WebAssembly.RuntimeError) {
    if (fuelLeft < 0n) return new GuestFault('fuel', 'it used up its work units')
    return new GuestFault('trap', `it trapped: ${error.message}`)
  }
  if (error instanceof RangeError && error.message.includes('call stack')) {
    return new GuestFault('stack', 'it recursed too deeply')
  }
  return error
}

/** Why no instance could be made. No code of the guest has run yet. */
export function instantiationFault (error: unknown): unknown {
  if (error instanceof RangeError) return new GuestFault('memory', `there is no memory for it: ${error.message}`)
  if (error instanceof WebAssembly.RuntimeError) {
    return new GuestFault('trap', `its initial data does not fit: ${error.message}`)
  }
  return error
}
