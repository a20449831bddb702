/** How the protocol runs. Times are in milliseconds. */
export interface SwimSettings {
  readonly probeInterval: number
  /** First guess of how long an answer takes; what is measured replaces it. */
  readonly probeTimeout: number
  /** How many others are asked to probe a node that is silent. */
  readonly indirectProbes: number
  readonly suspicionMultiplier: number
  /** How many times longer a suspicion lasts that nobody confirms. */
  readonly suspicionMaxMultiplier: number
  /** Shortest suspicion, however few the nodes. */
  readonly suspicionMin: number
  readonly retransmitMultiplier: number
  readonly gossipInterval: number
  readonly gossipFanout: number
  /** How long dead nodes still get gossip. */
  readonly gossipToDead: number
  /** How often at most all is compared with one other node when something differs. */
  readonly pushPullInterval: number
  /** How often all is compared with one other node although nothing seems to differ. */
  readonly fullSyncInterval: number
  readonly streamTimeout: number
  /** How long a dead node keeps its name against another address. */
  readonly reclaimAfter: number
  /** How long dead nodes are redialled and remembered. */
  readonly forgetAfter: number
  /** How often a dead node or a seed is dialled. */
  readonly redialInterval: number
  /** Lateness of the event loop from which on this node accuses nobody. */
  readonly lagLimit: number
  /** Most bytes of a packet, everything included. */
  readonly packetSize: number
}

/** Highest value of the local health score (Lifeguard), 0 being healthy. */
export const WORST_AWARENESS = 7
