import { expect } from 'chai'
import { isCaxtonError, Agents, Messages, type OperationInfo, type Origin, type Principal } from '../../../../kernel/contract/index.js'
import { MetricsRegistry } from '../../../../kernel/observability/metrics.js'
import { operationsOf } from '../../../../kernel/routing/operations/operation-registry.js'
import { addressKey } from '../../../../plugins/rate-limit/address-key.js'
import type { RateLimitConfig } from '../../../../plugins/rate-limit/rate-limit-config.js'
import { RateLimiter } from '../../../../plugins/rate-limit/rate-limiter.js'
import { QuietContext } from '../../../support/quiet-context.js'
import { SeededRandom } from '../../../support/seeded-random.js'
import { VirtualClock } from '../../../support/virtual-clock.js'

const OPERATIONS = operationsOf([Agents, Messages])
const SETTINGS: RateLimitConfig = {
  reads: 10, reads_burst: 3, changes: 1, changes_burst: 2, messages: 100, messages_burst: 5, message_rights: ['messages:send'],
  address: 10, address_burst: 20, failure_cost: 5, methods: {}, keys: 100,
}
const ANN: Principal = { name: 'key:ann', method: 'auth-api-key', roles: [] }
const BOB: Principal = { ...ANN, name: 'key:bob' }
const ANONYMOUS: Principal = { name: 'anonymous', method: 'none', roles: [] }
const from = (address: string): Origin => ({ face: 'api-grpc', address, headers: new Map() })

function operation (name: string): OperationInfo {
  const found = OPERATIONS.find(each => each.name === `caxton.v1.${name}`)
  if (found === undefined) throw new Error(`no operation ${name}`)
  return found
}

describe('rate limiter', () => {
  let clock: VirtualClock

  async function limiter (settings: Partial<RateLimitConfig> = {}): Promise<RateLimiter> {
    clock = new VirtualClock()
    const made = new RateLimiter({ list: () => OPERATIONS }, clock, new SeededRandom(1), { ...SETTINGS, ...settings },
      new QuietContext('rate-limit'), new MetricsRegistry())
    await made.start()
    return made
  }
  const wait = (limits: RateLimiter, name: string, principal: Principal | undefined = ANN, address = '10.0.0.1'): number => {
    const verdict = limits.admit(from(address), operation(name), principal)
    return verdict.admitted ? 0 : verdict.retryAfter
  }
  const waits = (limits: RateLimiter, name: string, times: number): number[] => Array.from({ length: times }, () => wait(limits, name))

  it('counts reads, changes and messages of a caller apart', async () => {
    const limits = await limiter()
    expect(waits(limits, 'Agents/List', 4)).to.deep.equal([0, 0, 0, 100])
    expect(waits(limits, 'Agents/Remove', 3)).to.deep.equal([0, 0, 1_000])
    expect(waits(limits, 'Messages/Send', 6)).to.deep.equal([0, 0, 0, 0, 0, 10])
    expect(wait(limits, 'Agents/List', BOB)).to.equal(0)
  })

  it('admits again when the time has come that it told, whatever happens to the wall clock', async () => {
    const limits = await limiter()
    waits(limits, 'Agents/Remove', 2)
    clock.jumpTo(clock.now() + 86_400_000)
    expect(wait(limits, 'Agents/Remove')).to.equal(1_000)
    clock.jumpTo(clock.now() - 2 * 86_400_000)
    clock.advance(999)
    expect(wait(limits, 'Agents/Remove')).to.equal(1)
    clock.advance(1)
    expect(wait(limits, 'Agents/Remove')).to.equal(0)
  })

  it('counts calls from an address before it knows who calls', async () => {
    const limits = await limiter()
    const early = Array.from({ length: 20 }, () => limits.admit(from('10.0.0.1'), operation('Agents/List'), undefined))
    expect(early.every(({ admitted }) => admitted)).to.equal(true)
    expect(limits.admit(from('10.0.0.1'), operation('Agents/List'), undefined)).to.deep.equal({
      admitted: false, retryAfter: 100, because: 'at most 20 calls from 10.0.0.1 at once, then 10 a second',
    })
    expect(limits.admit(from('10.0.0.2'), operation('Agents/List'), undefined).admitted).to.equal(true)
  })

  it('lets a failed proof cost as much as many calls', async () => {
    const limits = await limiter()
    let guesses = 0
    while (limits.admit(from('10.0.0.1'), operation('Agents/List'), undefined).admitted) {
      guesses += 1
      limits.unproven(from('10.0.0.1'))
    }
    expect(guesses).to.equal(4)
  })

  it('tells anonymous callers apart by their addresses', async () => {
    const limits = await limiter()
    for (let call = 0; call < 2; call++) wait(limits, 'Agents/Remove', ANONYMOUS, '10.0.0.1')
    expect(wait(limits, 'Agents/Remove', ANONYMOUS, '10.0.0.1')).to.equal(1_000)
    expect(wait(limits, 'Agents/Remove', ANONYMOUS, '10.0.0.2')).to.equal(0)
  })

  it('takes a network of IPv6 for one address', () => {
    expect(addressKey('2001:db8:0:1::1')).to.equal('2001:db8:0:1::/64')
    expect(addressKey('2001:db8:0000:0001:ffff:1:2:3')).to.equal('2001:db8:0:1::/64')
    expect(addressKey('::1')).to.equal(addressKey('0:0:0:0:0:0:0:1'))
    expect(addressKey('fe80::1%eth0')).to.equal('fe80:0:0:0::/64')
    expect(addressKey('::')).to.equal('0:0:0:0::/64')
    expect(addressKey('192.0.2.1')).to.equal('192.0.2.1')
  })

  it('limits single operations besides, for each caller or for all together', async () => {
    const methods = {
      'Agents/Remove': { rate: 0.5, burst: 1, scope: 'caller' }, 'Agents/List': { rate: 1, burst: 2, scope: 'server' },
    } as const
    const limits = await limiter({ methods })
    expect(waits(limits, 'Agents/Remove', 2)).to.deep.equal([0, 2_000])
    expect(wait(limits, 'Agents/Remove', BOB)).to.equal(0)
    expect([wait(limits, 'Agents/List'), wait(limits, 'Agents/List', BOB), wait(limits, 'Agents/List')]).to.deep.equal([0, 0, 1_000])
    expect(limits.admit(from('10.0.0.1'), operation('Agents/List'), BOB)).to.include({
      because: 'at most 2 calls of Agents/List of all callers together at once, then 1 a second',
    })
  })

  it('refuses to start with a limit for an operation that there is not', async () => {
    const error = await limiter({ methods: { 'Agents/Delpoy': { rate: 1, burst: 1, scope: 'caller' } } }).catch((thrown: unknown) => thrown)
    expect(isCaxtonError(error) && [error.code, error.message]).to.deep.equal(['RATE_LIMIT_METHOD_UNKNOWN',
      'plugins.rate-limit.methods."Agents/Delpoy" is for no operation of this server (did you mean "Agents/Deploy"?)'])
  })
})
