import { Agents, Messages, Server, type Logger, type OperationInfo, type Origin, type Principal } from '../../kernel/contract/index.js'
import { MetricsRegistry } from '../../kernel/observability/metrics.js'
import { SystemClock } from '../../kernel/observability/system-clock.js'
import { SystemRandom } from '../../kernel/observability/system-random.js'
import { operationsOf } from '../../kernel/routing/operations/operation-registry.js'
import { CompiledPolicy } from '../../plugins/authz-rbac/compiled-policy.js'
import { readPolicy } from '../../plugins/authz-rbac/policy-reader.js'
import { RateLimiter } from '../../plugins/rate-limit/rate-limiter.js'
import { microseconds, type Row } from './row.js'

const CALLERS = 1_000
const ROLES = 100
const CHECKS = 1_000_000
const ROUNDS = 5
const MOST = 5e-6

const OPERATIONS = operationsOf([Agents, Messages, Server])
const RIGHTS = [...new Set(OPERATIONS.map(({ right }) => right))]
const PRINCIPALS: readonly Principal[] =
  Array.from({ length: CALLERS }, (_, number) =>
    ({ name: `key:team-${number % ROLES}-ci-${number}`, method: 'auth-api-key', roles: ['viewer'] }))

/** The fastest of some rounds, in seconds for one. */
function timed (check: (number: number) => boolean): number {
  let seconds = Infinity
  for (let round = 0; round < ROUNDS; round++) {
    const began = performance.now()
    for (let number = 0; number < CHECKS; number++) if (!check(number)) throw new Error('a check did not come out as it should')
    seconds = Math.min(seconds, (performance.now() - began) / 1e3 / CHECKS)
  }
  return seconds
}

/** A policy as a larger company has it: a hundred teams, each with its own agents, of which some are out of bounds. */
function policyText (): string {
  return Array.from({ length: ROLES }, (_, team) => `
[roles.team-${team}]
includes = ["viewer"]
allow = ["agents:* on team-${team}-*, shared-*", "messages:send on team-${team}-*, shop-*, bank, topic:prices"]
deny = ["agents:deploy on team-${team}-billing, *-vault"]
[[bindings]]
principal = "key:team-${team}-*"
roles = ["team-${team}"]
`).join('\n')
}

function operationOf (name: string): OperationInfo {
  const found = OPERATIONS.find(each => each.name === `caxton.v1.${name}`)
  if (found === undefined) throw new Error(`there is no operation ${name}`)
  return found
}

/** What the checks of one call cost by themselves: rights, and rate limits. */
export async function operationChecks (): Promise<Row[]> {
  const policy = new CompiledPolicy(readPolicy(policyText(), 'policy.toml', RIGHTS), RIGHTS)
  const resources = PRINCIPALS.map((_, number) => `team-${number % ROLES}-agent-${number}`)
  const principalOf = (number: number): Principal => PRINCIPALS[number % CALLERS] ?? ANYBODY
  const allowed = timed(number =>
    policy.decide(principalOf(number), 'agents:deploy', resources[number % CALLERS] ?? '').allowed)
  const denied = timed(number => !policy.decide(principalOf(number), 'agents:deploy', 'elsewhere').allowed)
  const admitted = timed(await rateCheck(principalOf))
  return [
    check('check of a right: 100 roles, 1,000 callers; allowed', allowed),
    check('check of a right: denied', denied),
    check('check of rate limits: by address, then by caller; 1,000 callers', admitted),
  ]
}

const QUIET: Logger = { debug () {}, info () {}, warn () {}, error () {} }
const ANYBODY: Principal = { name: 'anybody', method: 'none', roles: [] }

async function rateCheck (principalOf: (number: number) => Principal): Promise<(number: number) => boolean> {
  const fast = 10_000_000
  const limiter = new RateLimiter({ list: () => OPERATIONS }, new SystemClock(), new SystemRandom(), {
    reads: fast, reads_burst: fast, changes: fast, changes_burst: fast, messages: fast, messages_burst: fast, message_rights: [],
    address: fast, address_burst: fast, failure_cost: 1, methods: {}, keys: 100_000,
  }, { instance: 'rate-limit', log: QUIET, fail: () => {} }, new MetricsRegistry())
  await limiter.start()
  const origins = Array.from({ length: 250 }, (_, host): Origin => ({ face: 'api-grpc', address: `10.0.0.${host}`, headers: new Map() }))
  const operation = operationOf('Agents/List')
  return number => {
    const origin = origins[number % origins.length]
    return origin !== undefined && limiter.admit(origin, operation, undefined).admitted
      && limiter.admit(origin, operation, principalOf(number)).admitted
  }
}

const check = (what: string, seconds: number): Row =>
  ({ what, target: `≤ ${microseconds(MOST)}`, actual: microseconds(seconds), ratio: '', pass: seconds <= MOST })
