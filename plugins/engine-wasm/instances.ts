import { GuestFault } from '../../kernel/contract/in-shard.js'
import { guestExports, type GuestExports } from './guest-exports.js'
import { instantiationFault } from './guest-faults.js'
import type { GuestMould } from './guest-mould.js'

/** Instances that are ready of one module, and modules that have some. */
const READY = 4
const MODULES = 8
/** Of what begins with more memory, in bytes, none is made in advance. */
const LARGEST = 1 << 20

/**
 * Instances of a shard's modules. Half of what an agent's start takes is V8 making its instance; since none of the
 * guest's code runs meanwhile, and since what it imports acts for whoever has the seat, that can be done while the shard
 * has nothing else to do. Of a module that is used once only, none is made in advance.
 */
export class Instances {
  /** Those that may be wanted again, the latest last. Only these have any ready. */
  #recent: GuestMould[] = []

  /** One for a guest. Throws a {@link GuestFault} when there can be none. */
  take (mould: GuestMould): GuestExports {
    const exports = mould.ready.pop() ?? instantiate(mould)
    if (mould.isUsed && exports.memory.buffer.byteLength <= LARGEST) this.#expectMore(mould)
    mould.isUsed = true
    return exports
  }

  /** Makes one in advance, if more may be wanted; false: enough are ready. */
  makeReady (): boolean {
    const mould = this.#recent.findLast(({ ready }) => ready.length < READY)
    if (mould === undefined) return false
    try {
      mould.ready.push(instantiate(mould))
    } catch {
      // The next guest of it is told why.
      this.forget(mould)
    }
    return true
  }

  /** Nobody will want one of it. */
  forget (mould: GuestMould): void {
    mould.ready.length = 0
    this.#recent = this.#recent.filter(each => each !== mould)
  }

  #expectMore (mould: GuestMould): void {
    if (this.#recent.at(-1) === mould) return
    this.#recent = [...this.#recent.filter(each => each !== mould), mould]
    const [oldest] = this.#recent
    if (this.#recent.length > MODULES && oldest !== undefined) this.forget(oldest)
  }
}

/** Runs no code of the guest: its start function is a hook by now. */
function instantiate ({ module, imports }: GuestMould): GuestExports {
  let instance: WebAssembly.Instance
  try {
    instance = new WebAssembly.Instance(module, imports)
  } catch (error) {
    throw instantiationFault(error)
  }
  const exports = guestExports(instance)
  if (!exports) throw new GuestFault('rejected', 'it was not prepared by this engine')
  return exports
}
