import type { LocalReceivers } from '../frame-dispatch.js'
import type { Acceptance } from './durable-acceptance.js'

/** Where durable messages of the main thread go instead of to their receivers: to be kept first. */
export class DurableIntake implements LocalReceivers {
  bytes: Uint8Array = new Uint8Array(0)
  view: DataView = new DataView(new ArrayBuffer(0))
  readonly at = 0
  /** What becomes of the copies that were taken since {@link begin}. */
  taken: Array<Promise<Acceptance>> = []

  /** Called with each stamped frame, which it may keep. */
  accept: (frame: Uint8Array) => Promise<Acceptance> = () => Promise.resolve(undefined)

  /** A message comes, which may have several copies. */
  begin (): void {
    this.taken = []
  }

  reserve (_handle: number, length: number): undefined {
    this.bytes = new Uint8Array(length)
    this.view = new DataView(this.bytes.buffer)
    return undefined
  }

  commit (): void {
    this.taken.push(this.accept(this.bytes))
  }
}
