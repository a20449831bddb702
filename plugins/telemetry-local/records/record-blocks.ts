import type { Change, Clock, Logger, Store, Timer } from '../../../kernel/contract/index.js'
import { BlockIndex, blockOf, keyOf, type Block } from './block-index.js'

/** Bytes that have gathered when a block is written early. */
const BLOCK_BYTES = 64 * 1024
/** Bytes that may wait for the disk; records beyond are dropped. */
const MOST_WAITING = 2 * 1024 * 1024

/** How much is kept, in bytes, and for how long, in milliseconds. */
export interface BlockRules {
  readonly size: number
  readonly age: number
  /** Time in which records gather before they are written. */
  readonly flush: number
}

/** What {@link RecordBlocks} works with. */
export interface RecordBlocksParts {
  readonly store: Store
  /** Name of the collection; beside it stands one of the same name with `-index` at its end. */
  readonly collection: string
  readonly rules: BlockRules
  readonly clock: Clock
  readonly log: Logger
  /** Hears of records that are lost. */
  readonly dropped: (count: number) => void
}

interface Gathered {
  /** One for each record, without line breaks. */
  readonly lines: string[]
  bytes: number
  from: number
  to: number
}

const nothing = (): Gathered => ({ lines: [], bytes: 0, from: Infinity, to: -Infinity })

/**
 * Records of one kind in the order in which they came, written to the store some hundred at a time: the newest of a bounded size and age.
 * Taking one never waits. Reading finds those that are not written yet, too.
 */
export class RecordBlocks {
  private gathered = nothing()
  /** What is on its way to the disk. */
  private writing: Gathered | undefined
  private readonly index = new BlockIndex()
  private timer: Timer | undefined
  private work: Promise<void> = Promise.resolve()
  private isTroubled = false
  private ended = false

  constructor (private readonly parts: RecordBlocksParts) {}

  /** What the store must have before {@link open}. */
  static collections (name: string): readonly string[] { return [name, `${name}-index`] }

  async open (): Promise<void> {
    const { store, collection } = this.parts
    for await (const { key, value } of store.scan(`${collection}-index`)) {
      const block = blockOf(key, value)
      if (block !== undefined) this.index.add(block)
    }
    await this.expire()
  }

  /** Takes a record of a moment, as one line of text. */
  add (at: number, line: string): void {
    if (this.ended) return
    const { gathered } = this
    const bytes = Buffer.byteLength(line) + 1
    if (gathered.bytes + bytes > MOST_WAITING) {
      this.parts.dropped(1)
      return
    }
    gathered.lines.push(line)
    gathered.bytes += bytes
    gathered.from = Math.min(gathered.from, at)
    gathered.to = Math.max(gathered.to, at)
    if (gathered.bytes >= BLOCK_BYTES && this.writing === undefined) this.flush()
    else this.timer ??= this.parts.clock.after(this.parts.rules.flush, () => { this.flush() })
  }

  /** Removes what is too old. */
  async expire (): Promise<void> {
    await this.after(async () => {
      const changes = this.removals(0)
      if (changes.length > 0) await this.parts.store.commit(changes)
    })
  }

  /** Writes what has gathered, and takes nothing more. */
  async close (): Promise<void> {
    this.ended = true
    this.flush()
    await this.work
  }

  /**
   * All records that are kept since a moment, oldest first. Blocks of which `isWanted` says no are left out as a whole.
   */
  async * read (since: number, isWanted: (block: Buffer) => boolean = () => true): AsyncGenerator<string> {
    const { store, collection } = this.parts
    const oldest = Math.max(since, this.parts.clock.now() - this.parts.rules.age)
    const unwritten = [...this.writing?.lines ?? [], ...this.gathered.lines]
    for (const { key } of this.index.since(oldest)) {
      const value = await store.get(collection, key)
      if (value === undefined) continue
      const block = Buffer.from(value.buffer, value.byteOffset, value.byteLength)
      if (isWanted(block)) yield * block.toString('utf8').split('\n')
    }
    yield * unwritten
  }

  private flush (): void {
    this.timer?.cancel()
    this.timer = undefined
    void this.after(async () => {
      const { gathered } = this
      if (gathered.lines.length === 0) return
      this.writing = gathered
      this.gathered = nothing()
      await this.write(gathered)
    })
  }

  private async write ({ lines, from, to }: Gathered): Promise<void> {
    const { store, collection } = this.parts
    const value = Buffer.from(lines.join('\n'))
    const block: Block = { key: keyOf(this.index.next()), bytes: value.length, from, to }
    try {
      await store.commit([
        { put: collection, key: block.key, value },
        { put: `${collection}-index`, key: block.key, value: Buffer.from(JSON.stringify([block.bytes, from, to])) },
        ...this.removals(block.bytes),
      ])
      // At once, so that nobody reads it twice or not at all.
      this.index.add(block)
      this.writing = undefined
      this.isTroubled = false
    } catch (error) {
      this.writing = undefined
      this.parts.dropped(lines.length)
      // A line about each lost line would go on for ever.
      if (!this.isTroubled) this.parts.log.warn('what was recorded can not be kept', { what: collection, error })
      this.isTroubled = true
    }
  }

  /** What has to go so that there is room for a block. */
  private removals (bytes: number): Change[] {
    const { collection, clock, rules } = this.parts
    return this.index.remove(rules.size - bytes, clock.now() - rules.age)
      .flatMap(({ key }) => [{ delete: collection, key }, { delete: `${collection}-index`, key }])
  }

  /** One after another, so that what stands in the store is what stands in the index. */
  private after (work: () => Promise<void>): Promise<void> {
    this.work = this.work.then(work, work).catch((error: unknown) => {
      if (!this.isTroubled) this.parts.log.warn('what was recorded can not be kept', { what: this.parts.collection, error })
      this.isTroubled = true
    })
    return this.work
  }
}
