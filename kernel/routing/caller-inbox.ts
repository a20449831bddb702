import type { LocalReceivers } from './frame-dispatch.js'
import { CALLER_HANDLE } from './route-table.js'
import type { Undeliverable } from './undeliverable.js'

/** The frames that wait in main's inbox for callers; given to the post as its local receivers. */
export class CallerInbox implements LocalReceivers {
  bytes: Uint8Array = new Uint8Array(0)
  view: DataView = new DataView(new ArrayBuffer(0))
  readonly at = 0

  /** Called with each frame for a caller, which it may keep. */
  receive: (frame: Uint8Array) => void = () => {}

  reserve (handle: number, length: number, _isFailure: boolean): Undeliverable | undefined {
    if (handle !== CALLER_HANDLE) return 'AGENT_NOT_FOUND'
    this.bytes = new Uint8Array(length)
    this.view = new DataView(this.bytes.buffer)
    return undefined
  }

  commit (): void {
    this.receive(this.bytes)
  }
}
