/** What was just done, in one plain sentence, and how much of it all that is. */
export interface ClusterStep {
  readonly sentence: string
  readonly done: number
  readonly total: number
}

/** What became of agents when nodes came or went. */
export interface ClusterIncident {
  /**
   * `adopted`: this node took an agent over. `moved`: one went to another node. `fenced`: one stopped here, because others may
   * take it over. `replayed`: what was queued in a minority was applied. `conflict`: it could not be, or two nodes had the same agent.
   */
  readonly kind: 'adopted' | 'moved' | 'fenced' | 'replayed' | 'conflict'
  /** The node that it is about. */
  readonly nodeId: string
  /** One plain sentence that begins with a small letter and names the agent. */
  readonly sentence: string
}

/** What a node does for its cluster beyond knowing who lives. */
export interface ClusterDeeds {
  /**
   * Takes no new agents, moves those that are here to other nodes with their state, for at most `within` milliseconds, and tells
   * the others that this node goes. Throws when agents are left, unless forced; then the node stays, with those.
   */
  leave (within: number, force: boolean, signal: AbortSignal): AsyncIterable<ClusterStep>
  /** Moves the fewest agents after which all nodes have equally many; `dry`: only says which. */
  rebalance (dry: boolean, signal: AbortSignal): AsyncIterable<ClusterStep>
  /** Changes that wait until a majority can be reached. */
  queuedWrites (): number
  /** Calls back with each incident, until `signal` aborts. Must not block. */
  onIncident (happened: (incident: ClusterIncident) => void, signal: AbortSignal): void
}
