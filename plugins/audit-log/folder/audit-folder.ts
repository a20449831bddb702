/** What can be read of an audit log. */
export interface AuditReading {
  /** Numbers of the segments that are there, ascending. */
  segments (): Promise<readonly number[]>
  /** The bytes of one segment, in pieces. */
  read (segment: number): AsyncIterable<Uint8Array>
  head (): Promise<Uint8Array | undefined>
  /** The key of the keyed hashes, where it is at hand. */
  hashKey (): Promise<Uint8Array | undefined>
}

/** A segment that is being written. Every failure is an `Error` of the system. */
export interface OpenSegment {
  /** Resolves when the bytes are on the disk. */
  append (bytes: Uint8Array): Promise<void>
  /** Cuts the segment, for the next to be appended there. Resolves when that is on the disk. */
  truncate (size: number): Promise<void>
  close (): Promise<void>
}

/** Where an audit log is kept: numbered segments that only grow, a head, and keys. */
export interface AuditFolder extends AuditReading {
  /** Opens a segment at its end; makes it if it is not there. */
  open (segment: number): Promise<OpenSegment>
  /** Bytes of a segment. */
  size (segment: number): Promise<number>
  remove (segment: number): Promise<void>
  /** Replaces the head, in one write. Not synced: a head may be older than the log, never newer. */
  writeHead (bytes: Uint8Array): Promise<void>
  /** The log's keys; made at the first start. */
  keys (): Promise<FolderKeys>
  close (): Promise<void>
}

/** Keys of an audit log, which belong to its node alone. */
export interface FolderKeys {
  readonly hash: Uint8Array
  /** Private key in PEM, for a node without a certificate. */
  readonly signing: string
}
