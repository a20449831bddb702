import type { Logger } from '../../contract/index.js'
import type { LocalReceivers } from '../frame-dispatch.js'
import type { Undeliverable } from '../undeliverable.js'

/** Somebody in the main thread who gets frames and is no agent. */
export interface Endpoint {
  /** No more can be taken at the moment. */
  readonly isFull: boolean
  /** Whether it keeps frames that it gets. If not, the next one comes in the same memory. */
  readonly keepsFrames: boolean
  /** Gets a frame, and a view that begins where the frame does. Must not block or throw. */
  receive (frame: Uint8Array, view: DataView): void
}

/** Longest frame for which memory is used again. */
const LONGEST_PASSING = 16 * 1024

/** The receivers of the main thread by their handles; given to its post as its local receivers. */
export class Endpoints implements LocalReceivers {
  bytes: Uint8Array = new Uint8Array(0)
  view: DataView = new DataView(new ArrayBuffer(0))
  readonly at = 0
  readonly #endpoints = new Map<number, Endpoint>()
  readonly #passing = new Uint8Array(LONGEST_PASSING)
  readonly #passingView = new DataView(this.#passing.buffer)
  #receiver: Endpoint | undefined
  #length = 0

  add (handle: number, endpoint: Endpoint): void {
    this.#endpoints.set(handle, endpoint)
  }

  delete (handle: number): void {
    this.#endpoints.delete(handle)
  }

  reserve (handle: number, length: number, isFailure: boolean): Undeliverable | undefined {
    const endpoint = this.#endpoints.get(handle)
    if (endpoint === undefined) return 'AGENT_NOT_FOUND'
    if (endpoint.isFull && !isFailure) return 'MAILBOX_FULL'
    this.#receiver = endpoint
    this.#length = length
    if (!endpoint.keepsFrames && length <= LONGEST_PASSING) {
      this.bytes = this.#passing
      this.view = this.#passingView
    } else {
      this.bytes = new Uint8Array(length)
      this.view = new DataView(this.bytes.buffer)
    }
    return undefined
  }

  commit (): void {
    const { bytes } = this
    this.#receiver?.receive(bytes.length === this.#length ? bytes : bytes.subarray(0, this.#length), this.view)
  }
}

/** Most frames that wait for one service of the main thread. */
const WAITING = 4_096

/**
 * Keeps frames for a service until whoever handed them over has finished, so that the service can send messages itself.
 * Survives whatever a frame brings about.
 */
export class ServiceInbox implements Endpoint {
  readonly keepsFrames = true
  #frames: Uint8Array[] = []

  constructor (private readonly handle: (frame: Uint8Array) => void, private readonly log: Logger) {}

  get isFull (): boolean {
    return this.#frames.length >= WAITING
  }

  receive (frame: Uint8Array): void {
    this.#frames.push(frame)
    if (this.#frames.length === 1) queueMicrotask(() => this.#handleAll())
  }

  #handleAll (): void {
    const frames = this.#frames
    this.#frames = []
    for (const frame of frames) {
      try {
        this.handle(frame)
      } catch (error) {
        this.log.error('a message to a service of the server could not be handled', { cause: String(error) })
      }
    }
  }
}
