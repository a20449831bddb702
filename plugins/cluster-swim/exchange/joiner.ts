import { ClusterJoinFailed } from '../../../kernel/contract/index.js'
import type { Address } from '../network/network.js'
import type { SwimCore } from '../swim-core.js'
import { addressesOf } from './seed-names.js'

/** Joins a cluster through other nodes. */
export class Joiner {
  constructor (private readonly core: SwimCore) {}

  /**
   * Without seeds, joins through those of the configuration and the members that are known. Resolves to how many answered; rejects
   * with `CLUSTER_JOIN_FAILED` when none did, or the signal's reason.
   */
  async join (named: readonly string[], signal: AbortSignal): Promise<number> {
    const seeds = named.length > 0 ? named : [...new Set([...this.core.needs.seeds, ...this.#members()])]
    const reasons = new Set<string>()
    const failed = (error: unknown): [] => {
      reasons.add(error instanceof Error ? error.message : String(error))
      return []
    }
    const { seedPort, lookup } = this.core.needs
    const found = await Promise.all(seeds.map(seed => addressesOf(seed, seedPort, lookup).catch(failed)))
    signal.throwIfAborted()
    const joined = await Promise.all(found.flat().map(address => this.through(address, undefined, signal).then(() => [address], failed)))
    signal.throwIfAborted()
    const count = joined.flat().length
    if (count === 0) throw ClusterJoinFailed({ seeds: seeds.join(', '), reason: [...reasons].join('; ') || 'no address was found' })
    return count
  }

  #members (): string[] {
    const { table, me } = this.core
    return [...table.all()].filter(({ name }) => name !== me.name).map(record => record.asMember())
      .map(({ host, gossipPort }) => host.includes(':') ? `[${host}]:${gossipPort}` : `${host}:${gossipPort}`)
  }

  /** Rejects with an error that says why in plain words. */
  async through (address: Address, wait?: number, signal?: AbortSignal): Promise<void> {
    const { core } = this
    core.joining += 1
    try {
      await core.tableExchange.compare(address, true, wait, signal)
    } finally {
      core.joining -= 1
    }
    core.seeds.met(address)
    core.serf.announceJoin()
  }
}
