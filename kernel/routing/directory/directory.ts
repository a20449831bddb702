import type { Address } from '../frames/frame.js'
import { SharedName, type NameSplit } from './name-split.js'
import {
  CALLER_HANDLE, CONDITION, FIRST_AGENT_HANDLE, FIRST_SERVICE_HANDLE, HANDLES, MAIN_PLACE, PLATFORM_HANDLE, type Condition,
  type RouteTable,
} from './route-table.js'

/** What the platform and callers are called in messages. */
const PLATFORM_NAME = 'caxton'
export const CALLER_NAME = 'caller'
/** What the tools are called, which agents reach by `call`. */
export const TOOLS_NAME = 'tools'

/** What no agent can be called: the platform, callers and tools, and FIPA's services (SC00023K), whether they are there or not. */
export const RESERVED_NAMES: readonly string[] = [PLATFORM_NAME, CALLER_NAME, TOOLS_NAME, 'df', 'ams']

/** In place of a slot: messages for it are kept, if they are to be. */
const KEEPING_SLOT = 1

/** A name and the address that it stands for. */
export type NameEntry = readonly [name: string, handle: number, generation: number]

/** Changes of names. */
export interface NameChanges {
  readonly added?: readonly NameEntry[]
  readonly removed?: readonly string[]
  /** Names that two versions share from now on. */
  readonly shared?: readonly NameSplit[]
  /** Names that one version has for itself again. */
  readonly unshared?: readonly string[]
}

/** Told of every change of names, to bring it to the shards. */
export type NamesChanged = (changes: NameChanges) => void

/** Told when the owner of a handle begins to run, here or there, for whoever has kept something for it. Must not block. */
export type BeganToRun = (name: string) => void

/**
 * Who is called what, and which handle stands for whom: the writing side of the route table. Main thread only.
 * A handle that is given back is used again with the next generation.
 */
export class Directory {
  readonly #handles = new Map<string, number>()
  readonly #names = new Map<number, string>([[PLATFORM_HANDLE, PLATFORM_NAME], [CALLER_HANDLE, CALLER_NAME]])
  readonly #shared = new Map<string, SharedName>()
  readonly #free: number[] = []
  #next = FIRST_AGENT_HANDLE
  #nextService = FIRST_SERVICE_HANDLE
  /** Set once, by whoever keeps messages. */
  beganToRun: BeganToRun = () => {}
  /** Told who owns a handle from now on. Set once, by whoever goes by names. Must not block. */
  entered: (handle: number, name: string) => void = () => {}

  constructor (private readonly routes: RouteTable, private readonly changed: NamesChanged) {
    routes.set(CALLER_HANDLE, 1, MAIN_PLACE, 0, CONDITION.running)
  }

  /** What callers of the operations are called in messages. */
  get callerName (): string {
    return CALLER_NAME
  }

  /** Address of the callers of the operations. */
  get caller (): Address {
    return { handle: CALLER_HANDLE, generation: this.routes.generation(CALLER_HANDLE) }
  }

  /** Who gets what begins with that name; while two versions share it, now one, now the other. */
  receiver (name: string): Address | undefined {
    return this.#shared.get(name)?.next() ?? this.address(name)
  }

  /** Whom the name stands for. */
  address (name: string): Address | undefined {
    const handle = this.#handles.get(name)
    return handle === undefined ? undefined : { handle, generation: this.routes.generation(handle) }
  }

  /** Whoever sent a message under that name: an agent, or the callers. */
  senderAddress (name: string): Address | undefined {
    return name === CALLER_NAME ? this.caller : this.address(name)
  }

  /** Whether somebody of that name has this address: the one whom the name stands for, or another version beside it. */
  owns (name: string, { handle, generation }: Address): boolean {
    return this.#names.get(handle) === name && this.routes.isCurrent(handle, generation)
  }

  /** The name of a handle's present owner. */
  name (handle: number): string | undefined {
    return this.#names.get(handle)
  }

  /** Gives a name a handle, or undefined when all 65,534 are taken. Nothing can be sent to it before {@link place}. */
  enter (name: string): Address | undefined {
    const address = this.enterVersion(name)
    if (address !== undefined) this.assign(name, address)
    return address
  }

  /** Gives a further version of an agent a handle of its own; the name goes on to stand for the one before. */
  enterVersion (name: string): Address | undefined {
    const handle = this.#free.pop() ?? (this.#next < HANDLES ? this.#next++ : undefined)
    if (handle === undefined) return undefined
    const generation = (this.routes.generation(handle) + 1 & 0x7fffffff) || 1
    this.routes.set(handle, generation, MAIN_PLACE, 0, CONDITION.stopped)
    this.#names.set(handle, name)
    this.entered(handle, name)
    return { handle, generation }
  }

  /** From now on the name stands for this version. */
  assign (name: string, { handle, generation }: Address): void {
    this.#handles.set(name, handle)
    this.changed({ added: [[name, handle, generation]] })
  }

  /** Two versions share a name; the conversations of each stay with it. */
  share (split: NameSplit): void {
    this.#shared.set(split.name, new SharedName(split))
    this.changed({ shared: [split] })
  }

  unshare (name: string): void {
    if (this.#shared.delete(name)) this.changed({ unshared: [name] })
  }

  /**
   * Gives a service of the main thread its name and handle; it can be written to from then on. `keeps`: what must not be lost is kept
   * for it, and it says itself when it has handled that.
   */
  enterService (name: string, keeps = false): Address {
    if (this.#nextService >= FIRST_AGENT_HANDLE) throw new RangeError('there are too many services in the main thread')
    const address = { handle: this.#nextService++, generation: 1 }
    this.routes.set(address.handle, address.generation, MAIN_PLACE, keeps ? KEEPING_SLOT : 0, CONDITION.running)
    this.#handles.set(name, address.handle)
    this.#names.set(address.handle, name)
    this.entered(address.handle, name)
    this.changed({ added: [[name, address.handle, address.generation]] })
    return address
  }

  /** Says in which thread and slot the owner of a handle lives. */
  place (handle: number, place: number, slot: number, condition: Condition): void {
    this.routes.set(handle, this.routes.generation(handle), place, slot, condition)
    this.#tell(handle, condition)
  }

  /** How messages for the owner of a handle are delivered at least: a position in `DELIVERY`. */
  setDelivery (handle: number, mode: number): void {
    this.routes.setDelivery(handle, mode)
  }

  setCondition (handle: number, condition: Condition): void {
    this.routes.setCondition(handle, condition)
    this.#tell(handle, condition)
  }

  /** Takes a name's handle back; whoever still holds its address reaches nobody. */
  remove (name: string): void {
    const handle = this.#handles.get(name)
    if (handle === undefined) return
    this.#handles.delete(name)
    this.removeVersion(handle)
    this.changed({ removed: [name] })
  }

  /** Takes the handle of a version back whose name stands for another. */
  removeVersion (handle: number): void {
    this.routes.setCondition(handle, CONDITION.free)
    this.#names.delete(handle)
    this.#free.push(handle)
  }

  /** Who owns which handle. */
  owners (): Iterable<readonly [handle: number, name: string]> {
    return this.#names
  }

  /** Everything, for a thread that begins to replicate. */
  all (): NameChanges {
    return {
      added: [...this.#handles].map(([name, handle]) => [name, handle, this.routes.generation(handle)]),
      shared: [...this.#shared.values()].map(({ split }) => split),
    }
  }

  #tell (handle: number, condition: Condition): void {
    const name = this.#names.get(handle)
    if (condition === CONDITION.running && name !== undefined) this.beganToRun(name)
  }
}
