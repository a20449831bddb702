import type { Clock, PeerChannel, Random, Timer, Whisper } from '../../../kernel/contract/index.js'
import type { Head, Owner } from '../records/owner.js'
import type { RegistryTable } from '../records/registry-table.js'
import { headsMessage, readWhisper, whisperOf } from '../wire/registry-messages.js'
import type { RegistryMeter } from '../registry-meter.js'
import type { HeadReview } from './head-review.js'
import type { Neighbours } from './neighbours.js'

/** How many neighbours are told each time: with one, whoever has the bad luck of several broken ways in a row is late. */
const TOLD = 2
/** How many are tried until so many have taken the heads. */
const TRIES = 4

/** Tells how far the logs have got that this node knows: its own on every probe, all of them to some neighbours again and again. */
export class HeadExchange implements Whisper {
  #timer: Timer | undefined

  constructor (
    private readonly self: Owner, private readonly table: RegistryTable, private readonly neighbours: Neighbours,
    private readonly channel: PeerChannel, private readonly review: HeadReview, private readonly clock: Clock,
    private readonly random: Random, private readonly interval: number, private readonly meter: RegistryMeter,
  ) {}

  /** Nodes that start together don't speak together. */
  start (): void {
    this.#later(this.interval * this.random.fraction())
  }

  stop (): void {
    this.#timer?.cancel()
    this.#timer = undefined
  }

  tell (): Uint8Array {
    return whisperOf(this.self.head)
  }

  heard (nodeId: string, bytes: Uint8Array): void {
    try {
      this.review.head(readWhisper(nodeId, bytes), nodeId)
    } catch (error) {
      this.meter.malformed(nodeId, error)
    }
  }

  /** Another node tells what it knows: what it knows better is asked for, what it knows less of it is told. */
  told (nodeId: string, heads: readonly Head[], isAnswer: boolean): void {
    for (const head of heads) this.review.head(head, nodeId)
    if (isAnswer) return
    const said = new Map(heads.map(head => [head.nodeId, head]))
    const better = this.#known().filter(mine => isLater(mine, said.get(mine.nodeId)))
    if (better.length > 0) this.channel.send(nodeId, headsMessage(better, true))
  }

  #later (milliseconds: number): void {
    this.#timer = this.clock.after(milliseconds, () => {
      this.#later(this.interval)
      const heads = headsMessage(this.#known(), false)
      let left = TOLD
      for (const peer of this.neighbours.some(TRIES)) if (left > 0 && this.channel.send(peer, heads)) left -= 1
    })
  }

  #known (): Head[] {
    const heads: Head[] = []
    for (const owner of this.table.owners()) if (owner.isWhole) heads.push(owner.head)
    return heads
  }
}

function isLater (mine: Head, theirs: Head | undefined): boolean {
  if (!theirs || theirs.epoch !== mine.epoch) return mine.epoch > (theirs?.epoch ?? 0)
  return mine.sequence > theirs.sequence
}
