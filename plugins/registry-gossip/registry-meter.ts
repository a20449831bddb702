import { isCaxtonError, type Counter, type Histogram, type Logger, type Metrics } from '../../kernel/contract/index.js'

const SECONDS = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]
/** Most nodes that are remembered to have been complained of. */
const MOST_BLAMED = 1_024

/** Numbers that are read when somebody asks for them. */
export interface RegistrySizes {
  agents (): number
  nodes (): number
  bytes (): number
  behind (): number
}

/** What an operator sees of the registry. */
export class RegistryMeter {
  readonly #pushed: Counter
  readonly #received: Counter
  readonly #pulls: Counter
  readonly #malformed: Counter
  readonly #waited: Histogram
  readonly #caughtUp: Histogram
  readonly #blamed = new Set<string>()

  constructor (private readonly metrics: Metrics, private readonly log: Logger) {
    this.#pushed = metrics.counter(
      'caxton_registry_changes_total', 'Changes of this node\'s agents that were told to the others.')
    this.#received = metrics.counter(
      'caxton_registry_entries_received_total', 'Entries about agents that came from other nodes.')
    this.#pulls = metrics.counter(
      'caxton_registry_pulls_total', 'Questions for news that were missing, by kind and result.', ['kind', 'result'])
    this.#malformed = metrics.counter('caxton_registry_malformed_total', 'Messages about agents that could not be read.')
    this.#waited = metrics.histogram('caxton_registry_push_wait_seconds',
      'Time that a change on another node waited there to be told.', SECONDS)
    this.#caughtUp = metrics.histogram('caxton_registry_catch_up_seconds',
      'Time from hearing that something is missing to having it.', SECONDS)
  }

  pushed (entries: number): void {
    this.#pushed.add(entries)
  }

  received (entries: number): void {
    this.#received.add(entries)
  }

  waited (milliseconds: number): void {
    this.#waited.record(milliseconds / 1000)
  }

  caughtUp (milliseconds: number): void {
    this.#caughtUp.record(milliseconds / 1000)
  }

  pulled (kind: 'log' | 'snapshot', result = 'unanswered'): void {
    this.#pulls.add(1, { kind, result })
  }

  /** Counts what can't be read; says so once for each node. */
  malformed (nodeId: string, error: unknown): void {
    this.#malformed.add(1)
    if (this.#blamed.has(nodeId) || this.#blamed.size >= MOST_BLAMED) return
    this.#blamed.add(nodeId)
    this.log.warn('a message about agents can\'t be read and is dropped; this is said once for each node', { node: nodeId, error })
  }

  /** A question was not answered. That nodes can't be reached is for others to say. */
  unanswered (nodeId: string, error: unknown): void {
    if (isCaxtonError(error) && error.code === 'REGISTRY_MESSAGE_MALFORMED') return this.malformed(nodeId, error)
    this.log.debug('a question for news of agents was not answered', { node: nodeId, error })
  }

  watch (sizes: RegistrySizes): void {
    const gauges = [
      [this.metrics.gauge('caxton_registry_agents', 'Agents known, on all nodes.'), sizes.agents],
      [this.metrics.gauge('caxton_registry_nodes', 'Nodes whose agents are known.'), sizes.nodes],
      [this.metrics.gauge('caxton_registry_bytes', 'Memory of the records of agents.'), sizes.bytes],
      [this.metrics.gauge(
        'caxton_registry_nodes_behind', 'Living nodes of which something is known to be missing.'), sizes.behind],
    ] as const
    this.metrics.onCollect(() => { for (const [gauge, read] of gauges) gauge.set(read()) })
  }
}
