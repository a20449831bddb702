const FIRST_ROOM = 4

/**
 * Addresses of agents in the order of their handles, each handle once, in plain numbers: reading makes no garbage, and all
 * threads that know the same agents have them in the same order.
 */
export class AddressList {
  handles = new Int32Array(FIRST_ROOM)
  generations = new Int32Array(FIRST_ROOM)
  count = 0

  /** Adds an address; one of the same handle is replaced. */
  add (handle: number, generation: number): void {
    const at = this.#position(handle)
    if (at < this.count && this.handles[at] === handle) {
      this.generations[at] = generation
      return
    }
    if (this.count === this.handles.length) this.#grow()
    this.handles.copyWithin(at + 1, at, this.count)
    this.generations.copyWithin(at + 1, at, this.count)
    this.handles[at] = handle
    this.generations[at] = generation
    this.count += 1
  }

  /** Adds an address whose handle comes after all others. */
  append (handle: number, generation: number): void {
    if (this.count === this.handles.length) this.#grow()
    this.handles[this.count] = handle
    this.generations[this.count] = generation
    this.count += 1
  }

  delete (handle: number): void {
    const at = this.#position(handle)
    if (at >= this.count || this.handles[at] !== handle) return
    this.handles.copyWithin(at, at + 1, this.count)
    this.generations.copyWithin(at, at + 1, this.count)
    this.count -= 1
  }

  addAll (other: AddressList): void {
    for (let index = 0; index < other.count; index++) this.add(other.handles[index] ?? 0, other.generations[index] ?? 0)
  }

  /** Makes the list one of this address alone. */
  only (handle: number, generation: number): void {
    this.handles[0] = handle
    this.generations[0] = generation
    this.count = 1
  }

  clear (): void {
    this.count = 0
  }

  /** Where a handle is, or would be. */
  #position (handle: number): number {
    let low = 0
    let high = this.count
    while (low < high) {
      const middle = low + high >>> 1
      if ((this.handles[middle] ?? 0) < handle) low = middle + 1
      else high = middle
    }
    return low
  }

  #grow (): void {
    const { handles, generations } = this
    this.handles = new Int32Array(handles.length * 2)
    this.generations = new Int32Array(generations.length * 2)
    this.handles.set(handles)
    this.generations.set(generations)
  }
}
