import { token } from './token.js'

/** What the kernel knows of the node it runs on, before any plugin starts. Nothing of it changes while the process lives. */
export interface NodeFacts {
  /** Unique in the cluster; also the name in the node's certificate. */
  readonly nodeId: string
  /** Failure domain of the node: nodes of one zone may fail together. */
  readonly zone: string
  /** Absolute path of the folder that holds everything this node keeps. It need not exist yet. */
  readonly dataDirectory: string
  /** Milliseconds since the Unix epoch. */
  readonly startedAt: number
  /** Of this Caxton: `0.1.0`. */
  readonly version: string
}

export const NodeToken = token<NodeFacts>('caxton/node@1')
