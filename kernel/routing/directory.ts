import type { Address } from './frame.js'
import {
  CALLER_HANDLE, CONDITION, FIRST_AGENT_HANDLE, FIRST_SERVICE_HANDLE, HANDLES, MAIN_PLACE, PLATFORM_HANDLE, type Condition,
  type RouteTable,
} from './route-table.js'

/** What the platform and callers are called in messages. */
const PLATFORM_NAME = 'caxton'
const CALLER_NAME = 'caller'

/** What no agent can be called: the platform and callers, and FIPA's services (SC00023K), whether they are there or not. */
export const RESERVED_NAMES: readonly string[] = [PLATFORM_NAME, CALLER_NAME, 'df', 'ams']

/** A name and the address that it stands for. */
export type NameEntry = readonly [name: string, handle: number, generation: number]

/** Told of every change of names, to bring it to the shards. */
export type NamesChanged = (added: readonly NameEntry[], removed: readonly string[]) => void

/** Told when the owner of a handle begins to run, here or there, for whoever has kept something for it. Must not block. */
export type BeganToRun = (name: string) => void

/**
 * Who is called what, and which handle stands for whom: the writing side of the route table. Main thread only.
 * A handle that is given back is used again with the next generation.
 */
export class Directory {
  readonly #handles = new Map<string, number>()
  readonly #names = new Map<number, string>([[PLATFORM_HANDLE, PLATFORM_NAME], [CALLER_HANDLE, CALLER_NAME]])
  readonly #free: number[] = []
  #next = FIRST_AGENT_HANDLE
  #nextService = FIRST_SERVICE_HANDLE
  /** Set once, by whoever keeps messages. */
  beganToRun: BeganToRun = () => {}

  constructor (private readonly routes: RouteTable, private readonly changed: NamesChanged) {
    routes.set(CALLER_HANDLE, 1, MAIN_PLACE, 0, CONDITION.running)
  }

  /** Address of the callers of the operations. */
  get caller (): Address {
    return { handle: CALLER_HANDLE, generation: this.routes.generation(CALLER_HANDLE) }
  }

  address (name: string): Address | undefined {
    const handle = this.#handles.get(name)
    return handle === undefined ? undefined : { handle, generation: this.routes.generation(handle) }
  }

  /** Whoever sent a message under that name: an agent, or the callers. */
  senderAddress (name: string): Address | undefined {
    return name === CALLER_NAME ? this.caller : this.address(name)
  }

  /** The name of a handle's present owner. */
  name (handle: number): string | undefined {
    return this.#names.get(handle)
  }

  /** Gives a name a handle, or undefined when all 65,534 are taken. Nothing can be sent to it before {@link place}. */
  enter (name: string): Address | undefined {
    const handle = this.#free.pop() ?? (this.#next < HANDLES ? this.#next++ : undefined)
    if (handle === undefined) return undefined
    const generation = (this.routes.generation(handle) + 1 & 0x7fffffff) || 1
    this.routes.set(handle, generation, MAIN_PLACE, 0, CONDITION.stopped)
    this.#handles.set(name, handle)
    this.#names.set(handle, name)
    this.changed([[name, handle, generation]], [])
    return { handle, generation }
  }

  /** Gives a service of the main thread its name and handle; it can be written to from then on. */
  enterService (name: string): Address {
    if (this.#nextService >= FIRST_AGENT_HANDLE) throw new RangeError('there are too many services in the main thread')
    const address = { handle: this.#nextService++, generation: 1 }
    this.routes.set(address.handle, address.generation, MAIN_PLACE, 0, CONDITION.running)
    this.#handles.set(name, address.handle)
    this.#names.set(address.handle, name)
    this.changed([[name, address.handle, address.generation]], [])
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
    this.routes.setCondition(handle, CONDITION.free)
    this.#handles.delete(name)
    this.#names.delete(handle)
    this.#free.push(handle)
    this.changed([], [name])
  }

  /** Everything, for a thread that begins to replicate. */
  all (): NameEntry[] {
    return [...this.#handles].map(([name, handle]) => [name, handle, this.routes.generation(handle)])
  }

  #tell (handle: number, condition: Condition): void {
    const name = this.#names.get(handle)
    if (condition === CONDITION.running && name !== undefined) this.beganToRun(name)
  }
}
