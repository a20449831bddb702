/** What is to be changed, as it was asked for. */
export interface HeldWrite {
  /** Name of the operation: `deploy`, `remove`. */
  readonly what: string
  /** The agent that it is about. */
  readonly agent: string
  /** The request in protobuf; of a deployment, the manifest. */
  readonly request: Uint8Array
  /** Of a deployment. */
  readonly module: Uint8Array | undefined
  /** Who asked for it. */
  readonly caller: string
}

/** Holds changes back while this node may not make them. */
export interface WriteGate {
  readonly isClosed: boolean
  /** Keeps a change; resolves to how many are kept when it is on disk. Throws `CLUSTER_QUEUE_FULL`. */
  hold (write: HeldWrite): Promise<number>
}
