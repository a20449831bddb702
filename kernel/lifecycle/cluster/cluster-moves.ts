import type { AgentRegistry, Clock, Membership, PlaceableNode, Placement, PlacementMove } from '../../contract/index.js'
import type { AgentRecord } from '../agents/agent-record.js'
import type { AgentRoster } from '../agents/agent-roster.js'
import type { AgentMover } from './agent-mover.js'
import type { ClusterStep } from './cluster-deeds.js'
import { wishWords } from '../agents/placement-terms.js'
import { freeToMove } from './free-to-move.js'
import { livingNodes } from './living-nodes.js'
import { AgentsNotMoved, MessagesLeft, PlacementImpossible } from './moving-errors.js'
import { sideBySide } from './side-by-side.js'

/** Agents that move at once. */
const AT_ONCE = 8
/** Most time for one agent to handle what is queued, in milliseconds. */
const DRAIN = 30_000
/** How often it is looked whether messages still wait, in milliseconds. */
const LOOK = 50
const EVEN = 'the nodes have equally many agents: nothing is moved'
const BOUND = 'the agents of the fuller nodes may run there only: nothing is moved'
/** Agents that an error names. */
const NAMED = 10

/** What {@link ClusterMoves} works with. */
export interface ClusterMovesParts {
  readonly self: string
  readonly membership: Pick<Membership, 'self' | 'members' | 'leave'>
  readonly registry: Pick<AgentRegistry, 'count' | 'ofNode'>
  /** Undefined: agents stay where they are. */
  readonly placement: Pick<Placement, 'choose' | 'balance'> | undefined
  readonly roster: Pick<AgentRoster, 'list' | 'size'>
  readonly mover: Pick<AgentMover, 'move' | 'bound'>
  /** Durable messages that are kept here. */
  readonly waiting: () => number
  readonly clock: Clock
}

interface Moved {
  readonly sentence: string
  /** Why it could not be moved. */
  readonly problem: string | undefined
  /** Its operator wants it on its node and no other. */
  readonly isBound: boolean
}

/** Empties a node that leaves, and evens out how many agents the nodes have. */
export class ClusterMoves {
  #isLeaving = false

  constructor (private readonly parts: ClusterMovesParts) {}

  /** Whether this node takes no agents any more. */
  get isLeaving (): boolean {
    return this.#isLeaving
  }

  /** See {@link ClusterDeeds.leave}. Throws `CLUSTER_AGENTS_NOT_MOVED` or `CLUSTER_MESSAGES_LEFT`. */
  async * leave (time: number, force: boolean, signal: AbortSignal): AsyncGenerator<ClusterStep, void, undefined> {
    const { clock, membership, self } = this.parts
    const until = clock.elapsed() + time
    this.#isLeaving = true
    try {
      yield * this.#empty(until, force, signal)
      yield * this.#waitForMessages(until, force, signal)
      signal.throwIfAborted()
      await membership.leave(signal)
      yield { sentence: `${self} has left the cluster`, done: 0, total: 0 }
    } finally {
      this.#isLeaving = false
    }
  }

  /** See {@link ClusterDeeds.rebalance}. Throws `CLUSTER_AGENTS_NOT_MOVED`. */
  async * rebalance (dry: boolean, signal: AbortSignal): AsyncGenerator<ClusterStep, void, undefined> {
    const { membership, registry, roster, placement, mover } = this.parts
    const nodes = livingNodes(membership, registry, roster.size)
    const agents = new Map(nodes.map(({ nodeId }) => [nodeId, [...registry.ofNode(nodeId)].map(({ name }) => name)]))
    const wanted = placement?.balance(agents, nodes) ?? []
    const bound = await Promise.all([...new Set(wanted.map(({ from }) => from))].map(node => mover.bound(node, signal)))
    const moves = freeToMove(wanted, agents, new Set(bound.flat()))
    if (moves.length === 0) {
      yield { sentence: wanted.length === 0 ? EVEN : BOUND, done: 0, total: 0 }
      return
    }
    if (dry) {
      yield * moves.map(({ agent, from, to }, index) =>
        ({ sentence: `would move ${agent} from ${from} to ${to}`, done: index + 1, total: moves.length }))
      return
    }
    yield * this.#carryOut(moves, async move => {
      const moved = await attempt(move, () => mover.move(move.agent, move.from, move.to, DRAIN, signal))
      // Those that may run on one node only stay there, and that is no failure.
      return moved.isBound ? { ...moved, problem: undefined } : moved
    }, signal, false)
  }

  /** Moves everything that is here. Members of a group go to the same node. */
  async * #empty (until: number, force: boolean, signal: AbortSignal): AsyncGenerator<ClusterStep, void, undefined> {
    const { membership, registry, roster, self } = this.parts
    const nodes = livingNodes(membership, registry, roster.size).filter(({ nodeId }) => nodeId !== self)
    const choose = new Destinations(this.parts.placement, nodes)
    const records = roster.list()
    yield * this.#carryOut(records, async record => {
      const left = until - this.parts.clock.elapsed()
      const to = choose.next(record)
      const move = { agent: record.name, from: self, to: to ?? '' }
      return await attempt(move, async () => {
        if (to === undefined) throw PlacementImpossible({ agent: record.name, wish: wishWords(record.plan.wish) })
        if (left <= 0) throw new Error('there was no time left')
        await this.parts.mover.move(record.name, self, to, Math.min(DRAIN, left / 2), signal)
      })
    }, signal, force)
  }

  /** What is kept here for agents of other nodes goes after them. */
  async * #waitForMessages (until: number, force: boolean, signal: AbortSignal): AsyncGenerator<ClusterStep, void, undefined> {
    const { clock, waiting } = this.parts
    const count = waiting()
    if (count === 0) return
    yield { sentence: `${count} durable messages follow their receivers`, done: 0, total: 0 }
    while (waiting() > 0 && clock.elapsed() < until && !signal.aborted) {
      await new Promise<void>(resolve => { clock.after(LOOK, resolve) })
    }
    if (waiting() > 0 && !force) throw MessagesLeft({ count: waiting() })
  }

  async * #carryOut<T> (
    items: readonly T[], work: (item: T) => Promise<Moved>, signal: AbortSignal, force: boolean,
  ): AsyncGenerator<ClusterStep, void, undefined> {
    const problems: string[] = []
    let done = 0
    for await (const { sentence, problem } of sideBySide(items, AT_ONCE, work, signal)) {
      done += 1
      if (problem !== undefined) problems.push(problem)
      yield { sentence, done, total: items.length }
    }
    signal.throwIfAborted()
    if (problems.length > 0 && !force) {
      throw AgentsNotMoved({ problems: problems.slice(0, NAMED), more: Math.max(0, problems.length - NAMED) })
    }
  }
}

/** Where the agents of a node go, one after the other: each choice counts for the next. */
class Destinations {
  readonly #nodes: Map<string, PlaceableNode>
  readonly #ofGroup = new Map<string, string>()

  constructor (private readonly placement: Pick<Placement, 'choose'> | undefined, nodes: readonly PlaceableNode[]) {
    this.#nodes = new Map(nodes.map(node => [node.nodeId, node]))
  }

  next ({ name, plan: { wish, group } }: AgentRecord): string | undefined {
    const together = group === undefined ? undefined : this.#ofGroup.get(group.name)
    const [to] = together === undefined ? this.placement?.choose(name, wish, 1, [...this.#nodes.values()]) ?? [] : [together]
    const node = to === undefined ? undefined : this.#nodes.get(to)
    if (node === undefined) return undefined
    this.#nodes.set(node.nodeId, { ...node, agents: node.agents + 1 })
    if (group !== undefined) this.#ofGroup.set(group.name, node.nodeId)
    return node.nodeId
  }
}

async function attempt ({ agent, from, to }: PlacementMove, work: () => Promise<void>): Promise<Moved> {
  try {
    await work()
    return { sentence: `moved ${agent} from ${from} to ${to}`, problem: undefined, isBound: false }
  } catch (error) {
    const problem = `"${agent}" stays on ${from}: ${error instanceof Error ? error.message : String(error)}`
    return { sentence: problem, problem, isBound: PlacementImpossible.is(error) }
  }
}
