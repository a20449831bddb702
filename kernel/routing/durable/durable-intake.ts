import type { LocalReceivers } from '../frame-dispatch.js'
import type { Acceptance } from './durable-acceptance.js'

/** Where durable messages of the main thread go instead of to their receivers: to be kept first. */
export class DurableIntake implements LocalReceivers {
  bytes: Uint8Array = new Uint8Array(0)
  view: DataView = new DataView(new ArrayBuffer(0))
  readonly at = 0
  #watched: Array<Promise<Acceptance>> | undefined

  /** Called with each stamped frame, which it may keep. */
  accept: (frame: Uint8Array) => Promise<Acceptance> = () => Promise.resolve(undefined)

  /**
   * What `send` answers, and what becomes of the copies that it hands over: none, or several for a message to many. Nobody else asks what
   * becomes of a message: its sender is told.
   */
  watch<Result> (send: () => Result): { readonly result: Result, readonly taken: ReadonlyArray<Promise<Acceptance>> } {
    const taken: Array<Promise<Acceptance>> = []
    this.#watched = taken
    try {
      return { result: send(), taken }
    } finally {
      this.#watched = undefined
    }
  }

  reserve (_handle: number, length: number): undefined {
    this.bytes = new Uint8Array(length)
    this.view = new DataView(this.bytes.buffer)
    return undefined
  }

  commit (): void {
    const acceptance = this.accept(this.bytes)
    this.#watched?.push(acceptance)
  }
}
