import { createHash } from 'node:crypto'
import type { Clock, Logger, Membership, PeerChannel, PlaceableNode, Placement, Timer } from '../../contract/index.js'
import type { AgentRecord } from '../agents/agent-record.js'
import type { AgentRoster } from '../agents/agent-roster.js'
import { decodeCopyMessage, encodeCopyMessage } from './copy-message.js'
import { encodeLuggage } from './luggage-code.js'

/** How often it is looked whether copies are missing or old, in milliseconds. */
const INTERVAL = 1_000
/** Copies that are on their way at once. */
const AT_ONCE = 4
/** Time for one of them, in milliseconds. */
const PATIENCE = 30_000
const NO_MODULE = new Uint8Array(0)

/** What {@link AgentCopies} work with. */
export interface AgentCopiesParts {
  readonly roster: Pick<AgentRoster, 'list' | 'ofName'>
  readonly placement: Pick<Placement, 'keepers'>
  readonly membership: Pick<Membership, 'member'>
  /** The nodes that live, this one first, as places for copies. */
  readonly nodes: () => readonly PlaceableNode[]
  readonly channel: Pick<PeerChannel, 'ask'>
  readonly module: (hash: string) => Promise<Uint8Array | undefined>
  /** Nodes that shall have a copy of each agent. */
  readonly copies: number
  readonly clock: Clock
  readonly log: Logger
}

type SeenState = Pick<AgentRecord, 'saved' | 'wanted'>

/** Sees to it that other nodes have what they need to go on with this node's agents, should it die. */
export class AgentCopies {
  /** Which node has which state of an agent. */
  readonly #kept = new Map<string, Map<string, string>>()
  readonly #waiting = new Set<string>()
  /** Those that are tried again in the next turn. */
  readonly #failed = new Set<string>()
  readonly #ended = new AbortController()
  #seen = new Map<string, SeenState>()
  #timer: Timer | undefined
  #running = 0

  constructor (private readonly parts: AgentCopiesParts) {}

  open (): void {
    for (const { name } of this.parts.roster.list()) this.#waiting.add(name)
    this.#turn()
  }

  close (): void {
    this.#ended.abort(new Error('the server stops'))
    this.#timer?.cancel()
  }

  /** Something about an agent changed, or it is gone. */
  changed (name: string): void {
    this.#waiting.add(name)
    this.#work()
  }

  /** A node came or went: who keeps what may be another by now. */
  nodesChanged (): void {
    for (const { name } of this.parts.roster.list()) this.#waiting.add(name)
    this.#work()
  }

  /** Agents of which not every copy is where it should be, and as new as it should be. */
  get missing (): number {
    this.#lookForStates()
    return this.#waiting.size + this.#failed.size + this.#running
  }

  #turn (): void {
    if (this.#ended.signal.aborted) return
    this.#lookForStates()
    for (const name of this.#failed) this.#waiting.add(name)
    this.#failed.clear()
    this.#work()
    this.#timer = this.parts.clock.after(INTERVAL, () => this.#turn())
  }

  /** What an agent saved, and whether it should run, is told by nobody: it is looked for. */
  #lookForStates (): void {
    const seen = new Map<string, SeenState>()
    for (const { name, saved, wanted } of this.parts.roster.list()) {
      const before = this.#seen.get(name)
      if (before === undefined || before.saved !== saved || before.wanted !== wanted) this.#waiting.add(name)
      seen.set(name, { saved, wanted })
    }
    this.#seen = seen
  }

  #work (): void {
    for (const name of this.#waiting) {
      if (this.#running >= AT_ONCE || this.#ended.signal.aborted) return
      this.#waiting.delete(name)
      this.#running += 1
      void this.#see(name).finally(() => {
        this.#running -= 1
        this.#work()
      })
    }
  }

  async #see (name: string): Promise<void> {
    const { roster, placement, nodes, copies, log } = this.parts
    const record = roster.ofName(name)
    const had = this.#kept.get(name) ?? new Map<string, string>()
    const [self, ...others] = nodes()
    const keepers = record === undefined || self === undefined ? [] : placement.keepers(name, self, others, copies)
    this.#kept.set(name, had)
    for (const nodeId of keepers) {
      try {
        if (record !== undefined) await this.#bring(nodeId, record, had)
      } catch (error) {
        this.#failed.add(name)
        log.debug('a copy of an agent is not there yet', { agent: name, node: nodeId, cause: String(error) })
      }
    }
    await this.#dropFrom([...had.keys()].filter(nodeId => !keepers.includes(nodeId)), name, record, had)
    if (record === undefined && had.size === 0) this.#kept.delete(name)
  }

  async #bring (nodeId: string, record: AgentRecord, had: Map<string, string>): Promise<void> {
    const { plan, saved, timers, wanted, quarantined, heldFor } = record
    const luggage = { plan, state: saved, timers: [...timers], wanted, quarantined, heldFor, module: NO_MODULE }
    const mark = createHash('sha256').update(encodeLuggage(luggage)).digest('base64')
    if (had.get(nodeId) === mark) return
    const { name, claim, module: hash } = plan
    const { message } = decodeCopyMessage(await this.#ask(nodeId, encodeCopyMessage({ kind: 'have', name, claim, mark, module: hash })))
    const what = message.kind === 'need' ? message.what : 'all'
    if (what !== 'nothing') {
      const module = what === 'record' ? NO_MODULE : await this.parts.module(hash) ?? NO_MODULE
      await this.#ask(nodeId, encodeCopyMessage({ kind: 'keep', name, claim, mark }, encodeLuggage({ ...luggage, module })))
    }
    had.set(nodeId, mark)
  }

  /** Those that keep it no longer; a node that is gone has nothing to be told. */
  async #dropFrom (nodes: readonly string[], name: string, record: AgentRecord | undefined, had: Map<string, string>): Promise<void> {
    for (const nodeId of nodes) {
      const member = this.parts.membership.member(nodeId)
      had.delete(nodeId)
      if (member?.state !== 'alive') continue
      await this.#ask(nodeId, encodeCopyMessage({ kind: 'drop', name, claim: record?.plan.claim ?? 0xffffffff })).catch(() => {})
    }
  }

  #ask (nodeId: string, bytes: Uint8Array): Promise<Uint8Array> {
    return this.parts.channel.ask(nodeId, bytes, AbortSignal.any([this.#ended.signal, AbortSignal.timeout(PATIENCE)]))
  }
}
