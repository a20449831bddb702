import {
  isCaxtonError, PeerUnreachable, within, type AgentRegistry, type Clock, type Logger, type Membership, type PeerChannel, type Peers,
} from '../../contract/index.js'
import type { RemoteAgents } from '../../routing/remote/remote-agents.js'
import type { AgentLuggage, AgentMoving, HandedOver } from '../agents/agent-moving.js'
import type { AgentRoster } from '../agents/agent-roster.js'
import { wishWords } from '../agents/placement-terms.js'
import { decodeQuestion, decodeWords, encodeQuestion, encodeWords } from './agent-question.js'
import type { Incidents } from './incidents.js'
import { decodeLuggage, encodeLuggage } from './luggage-code.js'
import { NodeLeaving, PlacementImpossible, QuestionMalformed } from './moving-errors.js'

/** Time for an agent to arrive on another node and start there, in milliseconds. */
const TRAVEL = 60_000
/** How long it is asked where an agent is whose journey was interrupted, time for each answer, and the pause between, in milliseconds. */
const SEARCH = 60_000
const ANSWER = 5_000
const PAUSE = 200
/** Journeys that were called off and are remembered as such. */
const CALLED_OFF = 10_000
const HERE = 'here'

/** What {@link AgentMover} works with. */
export interface AgentMoverParts {
  readonly self: string
  readonly peers: Pick<Peers, 'channel'>
  readonly membership: Pick<Membership, 'member'>
  readonly registry: Pick<AgentRegistry, 'find'>
  readonly roster: Pick<AgentRoster, 'ofName' | 'list'>
  readonly moving: Pick<AgentMoving, 'sendOff' | 'takeIn'>
  readonly agents: Pick<RemoteAgents, 'release' | 'takeOver'>
  /** What the registry says of an agent is looked at again. */
  readonly look: (name: string) => void
  /** An agent of this node has gone to another one. */
  readonly moved: (name: string) => void
  readonly isLeaving: () => boolean
  readonly incidents: Incidents
  readonly clock: Clock
  readonly log: Logger
}

/**
 * Moves agents between nodes with all that they have. At any moment an agent is on one of the two, or stands still: when the way
 * breaks while it travels, it stays stopped here until the other node says whether it has it, or is dead. Then it goes on here, with a
 * claim that is higher than any that others may make for that node.
 */
export class AgentMover {
  readonly #channel: PeerChannel
  /** Agents that are just leaving, or arriving. */
  readonly #underWay = new Map<string, Promise<unknown>>()
  readonly #calledOff = new Set<string>()

  /** Takes its channel, which must happen before this node is made known to others. */
  constructor (private readonly parts: AgentMoverParts) {
    this.#channel = parts.peers.channel('agent-moves', { asked: (nodeId, bytes, signal) => this.#asked(nodeId, bytes, signal) })
  }

  /** Whether an agent is just leaving this node or arriving, so that two nodes may seem to have it. */
  isMoving (name: string): boolean {
    return this.#underWay.has(name)
  }

  /**
   * Moves an agent from one node, this or another, to another. `drain`: milliseconds that it may take for what is queued. Throws what
   * the receiving node throws, `AGENT_NOT_FOUND` or `PEER_UNREACHABLE`; then it is where it was.
   */
  async move (name: string, from: string, to: string, drain: number, signal: AbortSignal): Promise<void> {
    if (from !== this.parts.self) {
      const body = encodeWords(name, to, String(drain))
      await this.#channel.ask(from, encodeQuestion({ what: 'move', caller: '', body }), signal)
      return
    }
    await this.#during(name, () => this.#sendOff(name, to, drain))
  }

  /** The agents of a node, this or another, that may run there only. Throws `PEER_UNREACHABLE`. */
  async bound (nodeId: string, signal: AbortSignal): Promise<readonly string[]> {
    const question = encodeQuestion({ what: 'bound', caller: '', body: new Uint8Array(0) })
    return decodeWords(await this.#channel.ask(nodeId, question, signal), 0)
  }

  async #sendOff (name: string, to: string, drain: number): Promise<void> {
    const { self, roster, moving, agents, look, moved, incidents, log } = this.parts
    const wish = roster.ofName(name)?.plan.wish
    if (wish?.strategy === 'node' && wish.node !== to) throw PlacementImpossible({ agent: name, wish: wishWords(wish) })
    let claim = 0
    const hand = async (luggage: AgentLuggage): Promise<HandedOver> => {
      claim = luggage.plan.claim
      return await this.#hand(luggage, to)
    }
    await moving.sendOff(name, drain, hand, address => {
      agents.takeOver(name, address, to, claim)
      moved(name)
    })
    look(name)
    log.info('an agent moved to another node', { agent: name, node: to, claim })
    incidents.tell({ kind: 'moved', nodeId: to, sentence: `agent ${name} moved from ${self} to ${to}` })
  }

  async #hand (luggage: AgentLuggage, to: string): Promise<HandedOver> {
    const { clock } = this.parts
    const { plan: { name, claim } } = luggage
    try {
      const question = encodeQuestion({ what: 'take', caller: name, body: encodeLuggage(luggage) })
      await within(clock, TRAVEL, undefined, signal => this.#channel.ask(to, question, signal))
      return { isTaken: true }
    } catch (cause) {
      const error = cause instanceof Error ? cause : new Error(String(cause))
      if (isCaxtonError(error) && !PeerUnreachable.is(error)) return { isTaken: false, error, claim: claim - 1 }
      return await this.#search(name, claim, to, error)
    }
  }

  /** Nobody knows whether it arrived. */
  async #search (name: string, claim: number, to: string, error: Error): Promise<HandedOver> {
    const { clock, log, membership } = this.parts
    const until = clock.elapsed() + SEARCH
    const question = encodeQuestion({ what: 'where', caller: name, body: encodeWords(String(claim)) })
    log.warn('the way to a node broke while an agent travelled there', { agent: name, node: to, cause: error.message })
    while (clock.elapsed() < until) {
      try {
        const answer = await within(clock, ANSWER, undefined, signal => this.#channel.ask(to, question, signal))
        return decodeWords(answer, 1)[0] === HERE ? { isTaken: true } : { isTaken: false, error, claim: claim - 1 }
      } catch (problem) {
        if (isCaxtonError(problem) && !PeerUnreachable.is(problem)) break
      }
      const state = membership.member(to)?.state
      if (state === undefined || state === 'dead' || state === 'left') break
      await new Promise<void>(resolve => { clock.after(PAUSE, resolve) })
    }
    // Whoever adopts it from that node claims one more than it had there.
    return { isTaken: false, error, claim: claim + 2 }
  }

  async #asked (nodeId: string, bytes: Uint8Array, signal: AbortSignal): Promise<Uint8Array> {
    const { what, caller: name, body } = decodeQuestion(bytes)
    switch (what) {
      case 'take':
        await this.#takeIn(name, body)
        break
      case 'where': return encodeWords(await this.#whether(name, Number(decodeWords(body, 1)[0])) ? HERE : '')
      case 'move': {
        const [agent = '', to = '', drain] = decodeWords(body, 3)
        this.parts.log.info('another node has an agent moved', { agent, node: to, through: nodeId })
        await this.move(agent, this.parts.self, to, Number(drain), signal)
        break
      }
      case 'bound': return encodeWords(...this.#bound())
      default: throw QuestionMalformed({ problem: `nothing is known of "${what.slice(0, 64)}"` })
    }
    return new Uint8Array(0)
  }

  async #takeIn (name: string, body: Uint8Array): Promise<void> {
    const { self, isLeaving, moving, agents, look } = this.parts
    if (isLeaving()) throw NodeLeaving({ nodeId: self })
    const luggage = decodeLuggage(name, body)
    if (this.#calledOff.has(journey(name, luggage.plan.claim))) throw QuestionMalformed({ problem: 'the journey was called off' })
    try {
      await this.#during(name, () => moving.takeIn(luggage, () => agents.release(name)))
    } finally {
      look(name)
    }
  }

  #bound (): string[] {
    return this.parts.roster.list().filter(({ plan: { wish } }) => wish.strategy === 'node').map(({ name }) => name)
  }

  /** Whether an agent is here, now or in a moment. If not, it will not come by that journey any more. */
  async #whether (name: string, claim: number): Promise<boolean> {
    await this.#underWay.get(name)?.catch(() => {})
    const { roster, registry } = this.parts
    // It may have gone on to a third node by now.
    if ((roster.ofName(name)?.plan.claim ?? registry.find(name)?.listing.claim ?? 0) >= claim) return true
    for (const oldest of this.#calledOff) {
      if (this.#calledOff.size < CALLED_OFF) break
      this.#calledOff.delete(oldest)
    }
    this.#calledOff.add(journey(name, claim))
    return false
  }

  async #during<T> (name: string, work: () => Promise<T>): Promise<T> {
    const before = this.#underWay.get(name)
    const mine = before === undefined ? work() : before.then(work, work)
    this.#underWay.set(name, mine)
    try {
      return await mine
    } finally {
      if (this.#underWay.get(name) === mine) this.#underWay.delete(name)
    }
  }
}

const journey = (name: string, claim: number): string => `${claim} ${name}`
