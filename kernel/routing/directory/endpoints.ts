import type { Logger } from '../../contract/index.js'
import type { LocalReceivers } from '../frame-dispatch.js'
import type { Undeliverable } from '../undeliverable.js'

/** Somebody in the main thread who gets frames and is no agent. */
export interface Endpoint {
  /** No more can be taken at the moment. */
  readonly isFull: boolean
  /** Gets a frame, which it may keep. Must not block or throw. */
  receive (frame: Uint8Array): void
}

/** The receivers of the main thread by their handles; given to its post as its local receivers. */
export class Endpoints implements LocalReceivers {
  bytes: Uint8Array = new Uint8Array(0)
  view: DataView = new DataView(new ArrayBuffer(0))
  readonly at = 0
  readonly #endpoints = new Map<number, Endpoint>()
  #receiver: Endpoint | undefined

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
    this.bytes = new Uint8Array(length)
    this.view = new DataView(this.bytes.buffer)
    return undefined
  }

  commit (): void {
    this.#receiver?.receive(this.bytes)
  }
}

/** Most frames that wait for one service of the main thread. */
const WAITING = 4_096

/**
 * Keeps frames for a service until whoever handed them over has finished, so that the service can send messages itself.
 * Survives whatever a frame brings about.
 */
export class ServiceInbox implements Endpoint {
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
