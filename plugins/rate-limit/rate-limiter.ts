import {
  ClockToken, inject, injectable, MetricsToken, nearest, OperationCatalogueToken, PluginConfig, PluginContextToken, RandomToken,
  type Admission, type Clock, type Counter, type Metrics, type OperationCatalogue, type OperationInfo, type Origin, type PluginContext,
  type PluginLife, type Principal, type Random,
} from '../../kernel/contract/index.js'
import { addressKey } from './address-key.js'
import type { RateLimitConfig } from './rate-limit-config.js'
import { MethodUnknown } from './rate-limit-errors.js'
import { TokenBuckets, type Rate } from './token-buckets.js'

type Verdict = ReturnType<Admission['admit']>

/** One limit: whose calls it counts together, and what it is called. */
interface Limit {
  readonly what: string
  readonly scope: 'caller' | 'server'
  readonly buckets: TokenBuckets
}

const ADMITTED: Verdict = { admitted: true }
const EVERYBODY = ''

/**
 * Admits so many calls as the operator allows: from an address before it is known who calls, then of a caller by the class of the call,
 * then of single operations.
 */
@injectable()
export class RateLimiter implements Admission, PluginLife {
  readonly #refusals: Counter
  #address: Limit | undefined
  /** By the operation's name: its class, and a limit of its own. */
  #limits = new Map<string, readonly Limit[]>()

  constructor (
    @inject(OperationCatalogueToken) private readonly catalogue: OperationCatalogue,
    @inject(ClockToken) private readonly clock: Clock,
    @inject(RandomToken) private readonly random: Random,
    @inject(PluginConfig) private readonly config: RateLimitConfig,
    @inject(PluginContextToken) private readonly context: PluginContext,
    @inject(MetricsToken) metrics: Metrics,
  ) {
    this.#refusals = metrics.counter(
      'caxton_rate_limited_total', 'Calls refused because they were too many, by the limit.', ['limit'])
  }

  /** Throws `RATE_LIMIT_METHOD_UNKNOWN`. */
  async start (): Promise<void> {
    const { config } = this
    const limit = (what: string, perSecond: number, burst: number, scope: Limit['scope'] = 'caller'): Limit =>
      ({ what, scope, buckets: this.#buckets({ perSecond, burst }, scope) })
    const reads = limit('reads', config.reads, config.reads_burst)
    const changes = limit('changes', config.changes, config.changes_burst)
    const messages = limit('messages', config.messages, config.messages_burst)
    const own = this.#own(limit)
    this.#address = limit('address', config.address, config.address_burst)
    this.#limits = new Map(this.catalogue.list().map(({ name, right, changes: isChange }) => {
      const ofClass = config.message_rights.includes(right) ? messages : isChange ? changes : reads
      return [name, [ofClass, ...own.get(name) ?? []]]
    }))
  }

  admit (origin: Origin, operation: OperationInfo, principal: Principal | undefined): Verdict {
    if (principal === undefined) return this.#verdict(this.#address, addressKey(origin.address), origin)
    // Anonymous callers have no name of their own.
    const caller = principal.method === 'none' ? addressKey(origin.address) : principal.name
    for (const limit of this.#limits.get(operation.name) ?? []) {
      const verdict = this.#verdict(limit, limit.scope === 'server' ? EVERYBODY : caller, origin)
      if (!verdict.admitted) return verdict
    }
    return ADMITTED
  }

  unproven ({ address }: Origin): void {
    // The call itself has cost one already.
    this.#address?.buckets.charge(addressKey(address), this.config.failure_cost - 1, this.clock.elapsed())
  }

  #verdict (limit: Limit | undefined, key: string, { address }: Origin): Verdict {
    if (limit === undefined) return ADMITTED
    const { what, scope, buckets } = limit
    const retryAfter = buckets.take(key, this.clock.elapsed())
    if (retryAfter === 0) return ADMITTED
    this.#refusals.add(1, { limit: what })
    const { perSecond, burst } = buckets.rate
    const whose = what === 'address' ? `calls from ${address}` : `${what} of ${scope === 'server' ? 'all callers together' : 'one caller'}`
    return { admitted: false, retryAfter, because: `at most ${burst} ${whose} at once, then ${perSecond} a second` }
  }

  #own (limit: (what: string, perSecond: number, burst: number, scope: Limit['scope']) => Limit): Map<string, Limit[]> {
    const names = new Map(this.catalogue.list().map(({ name }) => [name.slice(name.lastIndexOf('.') + 1), name] as const))
    return new Map(Object.entries(this.config.methods).map(([method, { rate, burst, scope }]) => {
      const name = names.get(method)
      if (name === undefined) throw MethodUnknown({ instance: this.context.instance, method, meant: nearest(method, names.keys()) })
      return [name, [limit(`calls of ${method}`, rate, burst, scope)]]
    }))
  }

  #buckets (rate: Rate, scope: Limit['scope']): TokenBuckets {
    const seed = new DataView(new Uint8Array(this.random.bytes(4)).buffer).getInt32(0)
    return new TokenBuckets(rate, scope === 'server' ? 1 : this.config.keys, seed)
  }
}
