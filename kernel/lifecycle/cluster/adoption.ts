import type {
  AgentListing, AgentRegistry, Clock, Logger, Member, Membership, PeerChannel, PlaceableNode, Placement, Timer,
} from '../../contract/index.js'
import type { Address } from '../../routing/frames/frame.js'
import type { AgentLuggage, AgentMoving } from '../agents/agent-moving.js'
import type { CopyKeeper } from './copy-keeper.js'
import { encodeCopyMessage } from './copy-message.js'
import { heirOf } from './heir.js'
import type { Incidents } from './incidents.js'
import { decodeLuggage } from './luggage-code.js'

/** Agents that are taken over at once. */
const AT_ONCE = 8
/** Wait before those are tried again that could not be taken over, in milliseconds. */
const AGAIN = 5_000
/** Time to get a copy from another node, in milliseconds. */
const PATIENCE = 30_000

/** What {@link Adoption} works with. */
export interface AdoptionParts {
  readonly self: string
  readonly membership: Pick<Membership, 'member' | 'members' | 'view'>
  readonly registry: Pick<AgentRegistry, 'find' | 'ofNode'>
  readonly placement: Pick<Placement, 'adopter'>
  /** Nodes that live, this one included. */
  readonly survivors: () => readonly PlaceableNode[]
  readonly keeper: Pick<CopyKeeper, 'find' | 'forget'>
  readonly channel: Pick<PeerChannel, 'ask'>
  readonly moving: Pick<AgentMoving, 'takeIn'>
  /** Frees the address by which an agent is known here, for the agent itself. */
  readonly release: (name: string) => Address | undefined
  /** Milliseconds after a node's death until others may have its agents. */
  readonly after: number
  readonly incidents: Incidents
  readonly clock: Clock
  readonly log: Logger
}

/**
 * Takes over agents of dead nodes: each survivor those for which it is chosen, with a higher claim, once it is certain that the dead
 * node has stopped them itself if it lives after all (DESIGN §5). Only with a majority.
 */
export class Adoption {
  readonly #due = new Map<string, Timer>()
  /** Agents that nobody may take over, by their dead nodes. */
  readonly #stranded = new Map<string, Set<string>>()
  #isEnded = false
  /** Agents that were taken over since the start. */
  adopted = 0

  constructor (private readonly parts: AdoptionParts) {}

  /** Dead nodes whose agents are to be taken over when it is time. */
  get expected (): number {
    return this.#due.size
  }

  /** A node died. */
  died ({ nodeId, isCaxton }: Member): void {
    if (isCaxton) this.#plan(nodeId, this.parts.after)
  }

  /** A node is back, or is no node of the cluster any more. */
  back (nodeId: string): void {
    this.#callOff(nodeId)
    this.#stranded.delete(nodeId)
  }

  /** This node may write again, or has just started: whoever died meanwhile is looked at. */
  lookAgain (): void {
    const now = this.parts.clock.now()
    for (const { nodeId, state, isCaxton, since } of this.parts.membership.members()) {
      if (state === 'dead' && isCaxton && !this.#due.has(nodeId)) this.#plan(nodeId, Math.max(0, since + this.parts.after - now))
    }
  }

  close (): void {
    this.#isEnded = true
    for (const timer of this.#due.values()) timer.cancel()
    this.#due.clear()
  }

  #callOff (nodeId: string): void {
    this.#due.get(nodeId)?.cancel()
    this.#due.delete(nodeId)
  }

  #plan (nodeId: string, milliseconds: number): void {
    this.#callOff(nodeId)
    if (this.#isEnded || nodeId === this.parts.self) return
    this.#due.set(nodeId, this.parts.clock.after(milliseconds, () => {
      this.#due.delete(nodeId)
      void this.#adoptFrom(nodeId)
    }))
  }

  async #adoptFrom (nodeId: string): Promise<void> {
    const { membership, registry, log, clock } = this.parts
    const member = membership.member(nodeId)
    const { isWritable, standing } = membership.view()
    if (member?.state !== 'dead') return
    if (!isWritable || standing === 'unstable') {
      // When the view changes it is looked at again; an unstable one may not change.
      if (isWritable) this.#plan(nodeId, AGAIN / 5)
      return
    }
    const began = clock.elapsed()
    const mine = [...registry.ofNode(nodeId)].filter(listing => this.#isMine(listing, member))
    if (mine.length === 0) return
    const waiting = [...mine]
    let failed = 0
    await Promise.all(Array.from({ length: AT_ONCE }, async () => {
      for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
        if (!await this.#adopt(next, member)) failed += 1
      }
    }))
    const milliseconds = Math.round(clock.elapsed() - began)
    log.info('agents of a dead node were taken over', { node: nodeId, agents: mine.length - failed, failed, milliseconds })
    if (failed > 0) this.#plan(nodeId, AGAIN)
  }

  #isMine (listing: AgentListing, { nodeId, zone }: Member): boolean {
    const { registry, placement, survivors, self } = this.parts
    if (registry.find(listing.name)?.nodeId !== nodeId) return false
    const heir = heirOf(listing, zone, survivors(), placement)
    if (heir === undefined && listing.isBound) this.#noteStranded(listing.name, nodeId)
    return heir === self
  }

  /** Said once for each agent until its node is back. */
  #noteStranded (name: string, nodeId: string): void {
    const stranded = this.#stranded.get(nodeId) ?? new Set()
    this.#stranded.set(nodeId, stranded)
    if (stranded.has(name)) return
    stranded.add(name)
    this.parts.log.warn('an agent of a dead node may run there only: it waits until that node is back', { agent: name, node: nodeId })
  }

  async #adopt ({ name, claim }: AgentListing, { nodeId }: Member): Promise<boolean> {
    const { keeper, moving, release, incidents, log } = this.parts
    try {
      const luggage = await keeper.find(name) ?? await this.#fetch(name)
      if (luggage === undefined) {
        log.error('an agent of a dead node can not be taken over: no living node has a copy of it', { agent: name, node: nodeId })
        return false
      }
      const plan = { ...luggage.plan, claim: Math.max(claim, luggage.plan.claim) + 1 }
      await moving.takeIn({ ...luggage, plan }, () => release(name))
      this.adopted += 1
      incidents.tell({ kind: 'adopted', nodeId: this.parts.self, sentence: `agent ${name} of ${nodeId} goes on on ${this.parts.self}` })
      await keeper.forget(name)
      return true
    } catch (error) {
      log.error('an agent of a dead node could not be taken over', { agent: name, node: nodeId, cause: String(error) })
      return false
    }
  }

  /** Asks the other survivors for a copy; the first that has one is heard. */
  async #fetch (name: string): Promise<AgentLuggage | undefined> {
    const { survivors, self, channel } = this.parts
    const question = encodeCopyMessage({ kind: 'give', name })
    const answers = survivors().filter(({ nodeId }) => nodeId !== self).map(async ({ nodeId }) => {
      const answer = await channel.ask(nodeId, question, AbortSignal.timeout(PATIENCE))
      if (answer.length === 0) throw new Error('it has none')
      return decodeLuggage(name, answer)
    })
    return await Promise.any(answers).catch(() => undefined)
  }
}
