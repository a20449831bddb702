import { tokenMany } from '../token.js'

/** A peer as a transport reaches it. */
export interface PeerAddress {
  readonly nodeId: string
  readonly host: string
  readonly port: number
}

/** An open road to one other node. Frames arrive whole and in order. */
export interface Link {
  readonly nodeId: string
  /** False when the queue is full: the caller waits for `drained`. The caller may reuse the bytes when this returns. */
  send (frame: Uint8Array): boolean
  drained (signal: AbortSignal): Promise<void>
  close (): Promise<void>
}

/** What the kernel gives a transport. None of these may block. */
export interface LinkEvents {
  frame (link: Link, frame: Uint8Array): void
  opened (link: Link): void
  closed (link: Link, error: Error | undefined): void
}

/** Carries ordered frames to other nodes. */
export interface Transport {
  /** Word for the configuration: `tcp`. */
  readonly name: string
  /** Accepts links until stopped. Called once, after every plugin has started. */
  serve (events: LinkEvents): Promise<{ readonly port: number }>
  /** Opens a link; rejects with `TRANSPORT_UNREACHABLE`. */
  dial (peer: PeerAddress, events: LinkEvents, signal: AbortSignal): Promise<Link>
}

export const Transports = tokenMany<Transport>('caxton/transport@1')
