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
  /**
   * False when the frame was not taken, because the queue is full or the link is closed: the caller waits for
   * `drained` and sends it again. The caller may reuse the bytes when this returns. Throws
   * `TRANSPORT_FRAME_TOO_LARGE`.
   */
  send (frame: Uint8Array): boolean
  /**
   * Resolves when there is room again; rejects with `TRANSPORT_LINK_LOST` when the link is closed, or with the
   * signal's reason.
   */
  drained (signal: AbortSignal): Promise<void>
  /** Sends what was taken, then ends the link on both sides. Calling it again does nothing. */
  close (): Promise<void>
}

/** What the kernel gives a transport. None of these may block. */
export interface LinkEvents {
  /** The bytes belong to the receiver. */
  frame (link: Link, frame: Uint8Array): void
  /** Once per link, on both sides, before its first frame. */
  opened (link: Link): void
  /** Once per opened link, after its last frame; with an error unless one of the two sides closed it. */
  closed (link: Link, error: Error | undefined): void
}

/** Carries ordered frames to other nodes. When its plugin stops, every link is closed. */
export interface Transport {
  /** Word for the configuration: `tcp`. */
  readonly name: string
  /** What carries the links: two nodes need the same one. Known when the plugin has started. */
  readonly driver: string
  /** Whether nobody between two nodes can read their links. Known when the plugin has started. */
  readonly isEncrypted: boolean
  /** Accepts links until stopped. Called once, when everything that takes frames has started. */
  serve (events: LinkEvents): Promise<{ readonly port: number }>
  /**
   * Opens a link; rejects with `TRANSPORT_UNREACHABLE`, also when another node than `peer.nodeId` answers, or with
   * the signal's reason.
   */
  dial (peer: PeerAddress, events: LinkEvents, signal: AbortSignal): Promise<Link>
}

export const Transports = tokenMany<Transport>('caxton/transport@1')
