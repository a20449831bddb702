import type { Clock, ClusterView, Standing as StandingWord, Timer } from '../../../kernel/contract/index.js'

/** What is seen of the cluster. */
export interface Sight {
  /** How many belong to it. */
  readonly admitted: number
  /** Those that answer, this node included, in one order. */
  readonly reachable: readonly string[]
}

export interface StandingRules {
  /** How long the same nodes must be in sight before this node decides on which side it is. */
  readonly stableAfter: number
  /** The node whose half goes on when the cluster splits into equal halves. */
  readonly tieBreaker: string | undefined
}

/** Decides whether this node stands with the majority (cluster.md §7 in words: README, "Partitions"). */
export class Standing {
  #standing: StandingWord = 'normal'
  #since: number
  #admitted = 1
  #reachable: readonly string[] = []
  /** Whether it stood in a part of the cluster since everything was normal. */
  #wasApart = false
  #timer: Timer | undefined

  constructor (
    private readonly clock: Clock,
    private readonly rules: StandingRules,
    private readonly changed: (view: ClusterView) => void,
  ) {
    this.#since = clock.now()
  }

  view (): ClusterView {
    return {
      standing: this.#standing, since: this.#since, admitted: this.#admitted,
      // Until it has looked around, it sees itself.
      reachable: Math.min(Math.max(this.#reachable.length, 1), this.#admitted), isWritable: this.#standing !== 'minority',
    }
  }

  see ({ admitted, reachable }: Sight): void {
    const hasLost = this.#reachable.some(name => !reachable.includes(name)) || admitted > this.#admitted
    const isSame = !hasLost && admitted === this.#admitted && reachable.length === this.#reachable.length
    if (isSame) return
    this.#admitted = admitted
    this.#reachable = reachable
    if (reachable.length >= admitted) this.#seeAll()
    else this.#seePart(hasLost)
  }

  /** What was written apart has been put together. */
  reconciled (): void {
    if (this.#standing !== 'reconciling') return
    if (this.#isWhole()) {
      this.#wasApart = false
      this.#enter('normal')
    } else this.#enter(this.#hasMajority() ? 'majority' : 'minority')
  }

  stop (): void {
    this.#timer?.cancel()
  }

  #seeAll (): void {
    this.#timer?.cancel()
    if (this.#standing === 'normal' || this.#standing === 'reconciling') this.#tell()
    else this.#enter(this.#wasApart ? 'reconciling' : 'normal')
  }

  #seePart (hasLost: boolean): void {
    this.#timer?.cancel()
    this.#timer = this.clock.after(this.rules.stableAfter, () => { this.#decide() })
    // A minority stays one until it is known to be more; who only gained others stays what it is for now.
    const stays = this.#standing === 'minority' || (!hasLost && this.#standing !== 'normal')
    if (stays) this.#tell()
    else this.#enter('unstable')
  }

  #decide (): void {
    if (this.#isWhole() || (this.#standing === 'reconciling' && this.#hasMajority())) return
    const before = this.#standing
    this.#wasApart = true
    if (!this.#hasMajority()) this.#enter('minority')
    // Others came back to it, or it to them: both have written apart.
    else if (before === 'minority' || before === 'majority') this.#enter('reconciling')
    else this.#enter('majority')
  }

  #isWhole (): boolean {
    return this.#reachable.length >= this.#admitted
  }

  #hasMajority (): boolean {
    const twice = this.#reachable.length * 2
    if (twice !== this.#admitted) return twice > this.#admitted
    return this.rules.tieBreaker !== undefined && this.#reachable.includes(this.rules.tieBreaker)
  }

  #enter (standing: StandingWord): void {
    if (standing !== this.#standing) {
      this.#standing = standing
      this.#since = this.clock.now()
    }
    this.#tell()
  }

  #tell (): void {
    this.changed(this.view())
  }
}
