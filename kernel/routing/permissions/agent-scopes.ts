/** What an agent's permissions are narrowed to: patterns, of which one is enough. Undefined: everything; none: nothing. */
export interface AgentScopes {
  /** Names of agents that it may write to. */
  readonly send: readonly string[] | undefined
  /** Topics under which it may publish. */
  readonly publish: readonly string[] | undefined
  /** Topics that it may subscribe to. */
  readonly subscribe: readonly string[] | undefined
  /** Names of tools that it may call. */
  readonly call: readonly string[] | undefined
}
