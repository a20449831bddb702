/** Where a node is reached by gossip. */
export interface Address {
  /** IP address in text, without brackets. */
  readonly host: string
  readonly port: number
}

/** One connection; it carries one question and at most one answer. */
export interface Stream {
  readonly peer: Address
  /** Takes the bytes; they belong to the stream from then on. */
  write (bytes: Uint8Array): void
  /** Sends what was written, then closes. */
  end (): void
  /** Closes at once. */
  destroy (): void
}

/** What happens on a connection. */
export interface StreamEvents {
  bytes (bytes: Uint8Array): void
  /** Once, when nothing more will come; with the reason when it broke. */
  closed (reason: string | undefined): void
}

export interface NetworkEvents {
  packet (from: Address, bytes: Uint8Array): void
  /** A connection came in. */
  stream (stream: Stream): StreamEvents
  /** The system said that a packet can't get there: a hint, no proof. */
  unreachable (to: Address): void
}

/** Packets and connections, as the cluster's protocol sees them: real sockets, or simulated ones. */
export interface Network {
  /** Opens the port for both; answers with the address that was bound. */
  open (events: NetworkEvents): Promise<Address>
  /** May lose it, double it, or deliver it late. Never throws. */
  send (to: Address, packet: Uint8Array): void
  /** Rejects with the signal's reason, or an error whose message says why in plain words. */
  dial (to: Address, events: StreamEvents, signal: AbortSignal): Promise<Stream>
  close (): Promise<void>
}

export const isSameAddress = (one: Address, other: Address): boolean => one.port === other.port && one.host === other.host

/** `10.0.0.1:7946` or `[2001:db8::1]:7946` */
export const addressText = ({ host, port }: Address): string => host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
