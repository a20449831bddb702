import { CONDITION, MAIN_PLACE, type Condition } from '../directory/route-table.js'
import { RESERVED_NAMES, type Directory } from '../directory/directory.js'
import type { Address } from '../frames/frame.js'

/** Slot in the route table of those to whom durable messages are kept; main's own receivers have 0. */
export const REMOTE_SLOT = 1

/** Somebody on another node to whom this one can write. */
export interface RemoteAgent {
  /** What it is called on its node. */
  readonly name: string
  nodeId: string
  readonly address: Address
  /** Highest claim epoch that was seen of it. */
  claim: number
  /** Whether the registry lists it; the others wrote to somebody here, and are forgotten when nothing was heard of them for long. */
  isListed: boolean
  /** `Clock.elapsed` of the last message to or from it. */
  lastUsed: number
}

/** What is to be known of an agent elsewhere. */
export interface RemoteTerms {
  readonly claim: number
  readonly delivery: number
  readonly condition: Condition
}

/** What follows from a handle's standing for somebody elsewhere. None of these may block. */
export interface RemoteHandles {
  add (handle: number): void
  remove (handle: number): void
  /** Nobody is behind these any more. */
  gone (handles: readonly number[]): void
}

/**
 * The handles that stand for agents of other nodes, and for their callers and services. Whoever has one can be written to like an agent
 * of this node; the endpoint of them all brings what comes to its node. Main thread only.
 */
export class RemoteAgents {
  readonly #byHandle = new Map<number, RemoteAgent>()
  readonly #byName = new Map<string, RemoteAgent>()
  /** Agents that could not be made known because all handles are taken. */
  unknown = 0

  /** Handles that stand for nobody any more, until that is told. */
  #gone: number[] = []

  /** @param attach Sees to it that what is written to a handle comes to the remote post, and hears which stand for nobody any more. */
  constructor (
    private readonly directory: Directory, private readonly attach: RemoteHandles,
    private readonly elapsed: () => number,
  ) {}

  get size (): number {
    return this.#byHandle.size
  }

  ofHandle (handle: number): RemoteAgent | undefined {
    return this.#byHandle.get(handle)
  }

  /** By what it is called here. */
  ofName (name: string): RemoteAgent | undefined {
    return this.#byName.get(name)
  }

  all (): Iterable<RemoteAgent> {
    return this.#byHandle.values()
  }

  /** Handles of everybody on a node. */
  ofNode (nodeId: string): number[] {
    return [...this.#byHandle.values()].filter(agent => agent.nodeId === nodeId).map(({ address: { handle } }) => handle)
  }

  /** The registry says that an agent is on that node. False when there is no handle left, or an agent of this node has the name. */
  list (name: string, nodeId: string, { claim, delivery, condition }: RemoteTerms): boolean {
    const agent = this.#known(name, name, nodeId, REMOTE_SLOT)
    if (agent === undefined) return false
    agent.isListed = true
    agent.nodeId = nodeId
    agent.claim = Math.max(agent.claim, claim)
    const { handle } = agent.address
    this.directory.setDelivery(handle, delivery)
    this.directory.place(handle, MAIN_PLACE, REMOTE_SLOT, condition)
    return true
  }

  /** The registry lists it no more. */
  forget (name: string): void {
    const agent = this.#byName.get(name)
    if (agent === undefined) return
    this.#byName.delete(name)
    this.#byHandle.delete(agent.address.handle)
    this.attach.remove(agent.address.handle)
    this.directory.remove(name)
    this.#gone.push(agent.address.handle)
    if (this.#gone.length > 1) return
    // A node that is removed takes thousands with it.
    queueMicrotask(() => {
      const gone = this.#gone
      this.#gone = []
      this.attach.gone(gone)
    })
  }

  /** This node takes an agent over: its address, which is the directory's alone from now on, if it was known here. */
  release (name: string): Address | undefined {
    const agent = this.#byName.get(name)
    if (agent === undefined) return undefined
    this.#byName.delete(name)
    this.#byHandle.delete(agent.address.handle)
    this.attach.remove(agent.address.handle)
    return agent.address
  }

  /** Another node took an agent of this one over: its address stands for it there from now on. */
  takeOver (name: string, address: Address, nodeId: string, claim: number): void {
    this.#enter({ name, nodeId, address, claim, isListed: true, lastUsed: this.elapsed() }, name, REMOTE_SLOT)
  }

  /**
   * Whoever wrote under that name on that node, with that claim; undefined when no agent of this name can be there, or there is no handle
   * left.
   */
  sender (wireName: string, nodeId: string, claim: number): RemoteAgent | undefined {
    const isReserved = RESERVED_NAMES.includes(wireName)
    const agent = this.#known(isReserved ? `${wireName}@${nodeId}` : wireName, wireName, nodeId, isReserved ? 0 : REMOTE_SLOT)
    if (agent === undefined || agent.nodeId === nodeId) return agent
    // The registry may not have told yet that it moved: then its claim does.
    if (agent.isListed && claim <= agent.claim) return undefined
    agent.nodeId = nodeId
    agent.claim = Math.max(agent.claim, claim)
    return agent
  }

  /** Forgets those that nobody lists and of whom nothing was heard for so long. */
  sweep (longest: number): void {
    const now = this.elapsed()
    for (const [name, agent] of this.#byName) {
      if (!agent.isListed && !name.includes('@') && now - agent.lastUsed > longest) this.forget(name)
    }
  }

  #known (name: string, wireName: string, nodeId: string, slot: number): RemoteAgent | undefined {
    const existing = this.#byName.get(name)
    if (existing !== undefined) {
      existing.lastUsed = this.elapsed()
      return existing
    }
    // An agent of this node has the name.
    if (this.directory.address(name) !== undefined) return undefined
    const address = this.directory.enter(name)
    if (address === undefined) {
      this.unknown += 1
      return undefined
    }
    return this.#enter({ name: wireName, nodeId, address, claim: 0, isListed: false, lastUsed: this.elapsed() }, name, slot)
  }

  #enter (agent: RemoteAgent, name: string, slot: number): RemoteAgent {
    const { handle } = agent.address
    this.#byName.set(name, agent)
    this.#byHandle.set(handle, agent)
    this.attach.add(handle)
    this.directory.place(handle, MAIN_PLACE, slot, CONDITION.running)
    return agent
  }
}
