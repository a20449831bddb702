import type { Clock, Logger, Random, Timer } from '../../../kernel/contract/index.js'
import type { MemberRecord } from '../members/member-record.js'
import type { MemberTable } from '../members/member-table.js'
import type { Address } from '../network/network.js'
import type { SwimSettings } from '../settings.js'

/** Dead nodes that get a packet in one round. */
const NUDGED = 3

export interface RedialParts {
  readonly me: MemberRecord
  readonly table: MemberTable
  readonly settings: SwimSettings
  readonly clock: Clock
  readonly random: Random
  readonly log: Logger
  /** Seeds that stand for nobody who is up, by their addresses. Rejects when none can be looked up. */
  missingSeeds (): Promise<readonly Address[]>
  /** Compares all with this address. */
  compare (to: Address, join: boolean): Promise<void>
  /** Tells a node what is believed of it. */
  nudge (record: MemberRecord): void
}

/**
 * Looks for nodes that are out of sight, and for seeds that were never seen, for as long as they are remembered: so every partition
 * heals.
 */
export class Redial {
  #timer: Timer | undefined
  #isDialling = false
  #isStopped = false
  #saidWhy = ''

  constructor (private readonly parts: RedialParts) {}

  start (): void {
    this.#again()
  }

  stop (): void {
    this.#isStopped = true
    this.#timer?.cancel()
  }

  /** Looks at once. */
  now (): void {
    void this.#dial()
  }

  #again (): void {
    const { settings, clock, random } = this.parts
    this.#timer = clock.after(settings.redialInterval * (0.67 + 0.66 * random.fraction()), () => {
      this.#again()
      this.#forget()
      for (const record of this.#dead(NUDGED)) this.parts.nudge(record)
      void this.#dial()
    })
  }

  #dead (most: number): MemberRecord[] {
    return this.parts.table.pick(most, ({ state }) => state === 'dead')
  }

  async #dial (): Promise<void> {
    if (this.#isDialling) return
    this.#isDialling = true
    try {
      const seeds = await this.parts.missingSeeds()
      const found: Array<{ readonly to: Address, readonly join: boolean }> = [
        ...this.#dead(1).map(record => ({ to: record, join: false })), ...seeds.map(seed => ({ to: seed, join: true })),
      ]
      const chosen = found[Math.floor(this.parts.random.fraction() * found.length)]
      if (chosen !== undefined && !this.#isStopped) await this.parts.compare(chosen.to, chosen.join)
    } catch (error) {
      this.#say(error instanceof Error ? error.message : String(error))
    } finally {
      this.#isDialling = false
    }
  }

  /** Nodes that have been gone for a day. */
  #forget (): void {
    const { table, me, clock, settings } = this.parts
    const now = clock.elapsed()
    for (const record of table.all()) {
      if (record !== me && !record.isUp && now - record.changedAt >= settings.forgetAfter) table.delete(record.name)
    }
  }

  #say (why: string): void {
    if (why === this.#saidWhy) return
    this.#saidWhy = why
    const { table, me, log } = this.parts
    const isAlone = table.count(record => record !== me && record.isUp) === 0
    if (isAlone) log.warn(`this node is alone, and nobody lets it in: ${why}`)
    else log.debug('a node that is out of sight was dialled in vain', { why })
  }
}
