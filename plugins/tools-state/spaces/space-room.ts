import { StateFull, type Clock, type StateBackend, type StateChange, type StateCommit } from '../../../kernel/contract/index.js'

/** How long a count is believed, in milliseconds: other servers may add keys to the same space. */
const BELIEVED = 60_000
/** Most spaces whose count is remembered. */
const REMEMBERED = 10_000

interface Counted {
  keys: number
  readonly at: number
}

/**
 * Bounds the keys of each space. The count is remembered, so the bound costs a look only now and then; calls at the same moment may go
 * beyond it by what they add.
 */
export class SpaceRoom {
  readonly #counts = new Map<string, Counted>()

  constructor (private readonly backend: StateBackend, private readonly clock: Clock, private readonly most: number) {}

  /** Throws `STATE_FULL` when the changes would add keys beyond the bound. */
  async demand (prefix: string, changes: readonly StateChange[]): Promise<void> {
    const puts = changes.filter(change => 'json' in change)
    if (puts.length === 0) return
    const { keys } = await this.#count(prefix)
    if (keys + puts.length <= this.most) return
    let added = 0
    for (const { key } of puts) if (!await this.#isThere(key)) added++
    if (added > 0 && keys + added > this.most) {
      throw StateFull({ reason: `the key space has ${keys} keys, of at most ${this.most}` })
    }
  }

  /** Notes what changes did. */
  note (prefix: string, changes: readonly StateChange[], { before }: StateCommit): void {
    const counted = this.#counts.get(prefix)
    if (!counted) return
    changes.forEach((change, i) => {
      const was = (before[i] ?? 0) > 0
      const is = 'json' in change
      if (was !== is) counted.keys += is ? 1 : -1
    })
  }

  async #count (prefix: string): Promise<Counted> {
    const known = this.#counts.get(prefix)
    if (known && this.clock.elapsed() - known.at < BELIEVED) return known
    const counted = { keys: await this.backend.count(prefix), at: this.clock.elapsed() }
    this.#counts.delete(prefix)
    this.#counts.set(prefix, counted)
    const [oldest] = this.#counts.keys()
    if (this.#counts.size > REMEMBERED && oldest !== undefined) this.#counts.delete(oldest)
    return counted
  }

  async #isThere (key: string): Promise<boolean> {
    return (await this.backend.list(key, undefined, 1)).keys[0] === key
  }
}
