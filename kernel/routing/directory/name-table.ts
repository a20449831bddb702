/** Longest name of an agent, in characters; all of them are ASCII. */
export const LONGEST_NAME = 255

import type { NameChanges } from './directory.js'
import { SharedName, type NameSplit } from './name-split.js'

/** Agents by name, as one thread knows them: replicated by main, so that a look-up never leaves the thread. */
export class NameTable {
  readonly #addresses = new Map<string, bigint>()
  readonly #shared = new Map<string, SharedName>()
  /** By handle: who had it last, and its generation then. */
  readonly #names: string[] = []
  readonly #generations: number[] = []

  /** Whether any name stands for two versions. */
  hasShared = false

  get size (): number {
    return this.#addresses.size
  }

  /** Generation × 2³² + handle, or 0. */
  address (name: string): bigint {
    return this.#addresses.get(name) ?? 0n
  }

  /** Who has, or had last, the handle in this generation. */
  nameOf (handle: number, generation: number): string | undefined {
    return this.#generations[handle] === generation ? this.#names[handle] : undefined
  }

  set (name: string, handle: number, generation: number): void {
    this.#addresses.set(name, BigInt(generation) << 32n | BigInt(handle))
    this.#note(name, handle, generation)
  }

  delete (name: string): void {
    this.#addresses.delete(name)
  }

  /** Takes over what main says. */
  change ({ added = [], removed = [], shared = [], unshared = [] }: NameChanges): void {
    for (const name of removed) this.delete(name)
    for (const [name, handle, generation] of added) this.set(name, handle, generation)
    for (const name of unshared) this.unshare(name)
    for (const split of shared) this.share(split)
  }

  /** Two versions share a name from now on; {@link address} still gives one. */
  share (split: NameSplit): void {
    this.#shared.set(split.name, new SharedName(split))
    this.hasShared = true
    for (const { handle, generation } of [split.first, split.second]) this.#note(split.name, handle, generation)
  }

  unshare (name: string): void {
    this.#shared.delete(name)
    this.hasShared = this.#shared.size > 0
  }

  shared (name: string): SharedName | undefined {
    return this.#shared.get(name)
  }

  allShared (): Iterable<SharedName> {
    return this.#shared.values()
  }

  #note (name: string, handle: number, generation: number): void {
    this.#names[handle] = name
    this.#generations[handle] = generation
  }
}

/** The handle in an address of {@link NameTable}. */
export const handleOf = (address: bigint): number => Number(address & 0xffffffffn)
/** The generation in an address of {@link NameTable}. */
export const generationOf = (address: bigint): number => Number(address >> 32n)
