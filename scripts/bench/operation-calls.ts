import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { SignJWT } from 'jose'
import { Messages, Secret, Server, type Connector, type ConnectorTarget } from '../../kernel/contract/index.js'
import { openConnector } from '../../plugins/api-grpc/grpc-connector.js'
import { IdentityProvider, OPAQUE } from '../../test/support/tokens/identity-provider.js'
import { BenchCertificates } from './bench-certificates.js'
import { BenchServer } from './bench-server.js'
import { milliseconds, perSecond, type Row } from './row.js'

const ROUNDS = 6
const CALLS = 200
const AT_ONCE = 64
const MANY = 1_500
/** Most that authentication may add to a call, in milliseconds, and most that the audit log may take of the throughput. */
const ADDED = 0.3
const SHARE = 0.1

const SECRET = 'a secret of the bench that is long enough for HS256 and for nobody else'
const POLICY = '[[bindings]]\nprincipal = "*"\nroles = ["admin"]\n'
const JWT = 'plugins.auth-jwt.issuers.bench'
const FAST = 10_000_000
const LIMITS = ['reads', 'changes', 'messages', 'address'].flatMap(each =>
  [`plugins.rate-limit.${each}=${FAST}`, `plugins.rate-limit.${each}_burst=${FAST}`])

/** A server, and a caller that is let in. */
interface Pair {
  readonly server: BenchServer
  readonly connector: Connector
}

/** What proving who calls adds to a call over gRPC, and what the audit log takes of the throughput; servers by turns. */
export async function operationCalls (): Promise<Row[]> {
  const started: Pair[] = []
  const start = async (sets: readonly string[], shownTo: Shown = () => ({})): Promise<Pair> => {
    const server = await BenchServer.start(sets)
    const pair = { server, connector: openConnector({ address: server.address, ...shownTo(server) }) }
    started.push(pair)
    return pair
  }
  const provider = new IdentityProvider()
  await provider.start()
  const certificates = new BenchCertificates()
  try {
    const token = await new SignJWT({}).setProtectedHeader({ alg: 'HS256', typ: 'at+jwt' }).setIssuer('bench').setAudience('caxton')
      .setSubject('ann').setJti('1').setIssuedAt().setExpirationTime('1h').sign(Buffer.from(SECRET))
    const plain = await start([])
    const key = await start(['plugins.auth-api-key.first_key=once'], firstKey)
    const issuer = ['issuer=bench', 'audience=caxton', `secret=${SECRET}`, 'algorithms=HS256'].map(set => `${JWT}.${set}`)
    const jwt = await start(issuer, () => ({ bearer: new Secret(token) }))
    const opaque = await provider.token(OPAQUE)
    const oauth2 = await start(askingAt(provider), () => ({ bearer: new Secret(opaque) }))
    const { settings, trust, caller } = certificates
    const tls = await start(settings, () => ({ trust }))
    const mtls = await start([...settings, 'plugins.auth-mtls.check_interval=5s'], () => ({ trust, certificate: caller }))
    const audited = await start(['plugins.audit-log.reads=refused'])
    const policy = path.join(plain.server.folder, 'policy.toml')
    writeFileSync(policy, POLICY)
    const all = await start(['plugins.auth-api-key.first_key=once', `plugins.authz-rbac.policy=${policy}`,
      'plugins.audit-log.reads=refused', ...LIMITS], firstKey)
    return [
      ...await latencies([plain, key, jwt, oauth2, all, tls, mtls]),
      ...await throughputs(plain, audited, all),
    ]
  } finally {
    for (const { server, connector } of started) {
      connector.close()
      await server.stop()
    }
    await provider.stop()
    certificates.remove()
  }
}

/** What a caller shows to a server. */
type Shown = (server: BenchServer) => Omit<ConnectorTarget, 'address'>

const firstKey: Shown = ({ folder }) => ({ bearer: new Secret(readFileSync(path.join(folder, 'first-api-key'), 'utf8').trim()) })

/** A server that asks a real provider about tokens, and remembers what it said for longer than the bench takes. */
const askingAt = (provider: IdentityProvider): string[] =>
  [`introspection_url=${provider.url('/token/introspection').href}`, 'client_id=server', 'client_secret=server-secret',
    `audience=${OPAQUE}`, 'cache_time=1h'].map(set => `plugins.auth-oauth2.${set}`)

/** P50 of a call that does nothing else, one at a time. */
async function latencies (pairs: readonly Pair[]): Promise<Row[]> {
  const [none = 0, key = 0, jwt = 0, oauth2 = 0, all = 0, tls = 0, mtls = 0] =
    await inTurns(pairs, alone, times => quantileOf(times.flat(), 0.5))
  const base = (what: string, value: number): Row => ({ what, target: '', actual: milliseconds(value), ratio: '', pass: undefined })
  return [
    base('baseline: a call whose caller nobody asks for, P50', none),
    added('an API key adds, P50', key, none),
    added('a signed token (JWT) adds, P50', jwt, none),
    added('an OAuth 2 token whose introspection is remembered adds, P50', oauth2, none),
    { ...added('key, roles, rate limits and audit log together add to a read, P50', all, none), target: '', pass: undefined },
    base('baseline: the same over TLS, P50', tls),
    added('a client certificate (mTLS) adds to that, P50', mtls, tls),
  ]
}

const added = (what: string, value: number, none: number): Row => ({
  what, target: `≤ ${ADDED} ms`, actual: milliseconds(value - none), ratio: `${(value / none).toFixed(2)} ×`, pass: value - none <= ADDED,
})

/** Changes a second, many at a time. */
async function throughputs (plain: Pair, audited: Pair, all: Pair): Promise<Row[]> {
  const [none = 1, logged = 0, secured = 0] = await inTurns([plain, audited, all], together, rates => quantileOf(rates.flat(), 0.5))
  const share = 1 - logged / none
  const of = (value: number): string => `${(value / none).toFixed(2)} ×`
  return [
    { what: `baseline: changes by gRPC, ${AT_ONCE} at a time`, target: '', actual: perSecond(none), ratio: '', pass: undefined },
    {
      what: 'the audit log takes of that', target: `≤ ${SHARE * 100} %`,
      actual: `${(share * 100).toFixed(0)} % (${perSecond(logged)} left)`,
      ratio: of(logged), pass: share <= SHARE,
    },
    {
      what: 'changes with key, roles, rate limits and audit log',
      target: '', actual: perSecond(secured), ratio: of(secured), pass: undefined,
    },
  ]
}

/** Measures each in turn, again and again, so that what the machine does meanwhile meets all alike; the first round only warms up. */
async function inTurns (
  pairs: readonly Pair[], measure: (connector: Connector) => Promise<number[]>, summary: (rounds: number[][]) => number,
): Promise<number[]> {
  const rounds: number[][][] = pairs.map(() => [])
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [place, { connector }] of pairs.entries()) {
      const measured = await measure(connector)
      if (round > 0) rounds[place]?.push(measured)
    }
  }
  return rounds.map(summary)
}

async function alone (connector: Connector): Promise<number[]> {
  const times: number[] = []
  for (let call = 0; call < CALLS; call++) {
    const began = performance.now()
    await connector.unary(Server.method.whoAmI, {})
    times.push(performance.now() - began)
  }
  return times
}

/** A topic without subscribers: the server does all that a message needs, and no agent has to keep up. */
async function together (connector: Connector): Promise<number[]> {
  const began = performance.now()
  let left = MANY
  await Promise.all(Array.from({ length: AT_ONCE }, async () => {
    while (left-- > 0) await connector.unary(Messages.method.send, { message: { performative: 'inform' }, toTopic: 'nobody' })
  }))
  return [MANY / (performance.now() - began) * 1e3]
}

function quantileOf (values: readonly number[], share: number): number {
  return [...values].sort((one, other) => one - other)[Math.floor(values.length * share)] ?? Number.NaN
}
