import { expect } from 'chai'
import { Secret } from '../../../../kernel/contract/index.js'
import type { RedisState } from '../../../../plugins/state-redis/redis-state.js'
import { codeOf } from '../../../support/code-of.js'
import { QuietContext } from '../../../support/quiet-context.js'
import { isInstalled } from '../../../support/state/database-process.js'
import { RedisServer } from '../../../support/state/redis-server.js'
import { until } from '../../../support/until.js'

const put = (key: string, bytes = 1) => [{ key, json: `"${'x'.repeat(bytes)}"` }]

/** A real Redis, because what is tested is what it does when it refuses, stops or hangs. */
describe('state-redis when things fail', () => {
  let server: RedisServer | undefined
  let context: QuietContext
  let state: RedisState | undefined
  const started = async (config: Parameters<RedisServer['state']>[0] = {}): Promise<RedisState> => {
    context = new QuietContext('state-redis')
    state = server?.state(config, context)
    if (!state) throw new Error('there is no Redis')
    await state.start(new AbortController().signal)
    return state
  }
  before(async function () {
    this.timeout(60_000)
    if (!isInstalled('redis-server')) this.skip()
    server = await RedisServer.start()
  })
  afterEach(async () => { await state?.stop() })
  after(() => server?.stop())

  it('does not start where its password or database is refused, and says no secret', async () => {
    expect(await codeOf(started({ password: new Secret('wrong-password') }))).to.equal('STATE_DATABASE_REFUSED')
    expect(JSON.stringify(context.log.lines)).not.to.include('wrong-password')
    expect(await codeOf(started({ password: undefined }))).to.equal('STATE_DATABASE_REFUSED')
    expect(await codeOf(started({ database: 99_999 }))).to.equal('STATE_DATABASE_REFUSED')
    expect(await codeOf(started({ port: 1 }))).to.equal('STATE_UNAVAILABLE')
    expect(await codeOf(started({ host: 'db.example.com', tls: false }))).to.equal('STATE_CONNECTION_UNPROTECTED')
  })

  it('answers that it is out of reach while Redis is down, and works again with what was kept when it is back', async () => {
    const running = await started()
    await running.commit(put('a'))
    await server?.down()
    await until(() => running.health().state === 'degraded')
    expect(await codeOf(running.get('a'))).to.equal('STATE_UNAVAILABLE')
    expect(await codeOf(running.commit(put('b')))).to.equal('STATE_UNAVAILABLE')
    await server?.up()
    await until(() => running.health().state === 'ready')
    expect((await running.get('a'))?.json).to.equal('"x"')
    expect(await running.get('b')).to.equal(undefined)
    expect(context.said('warn')).to.have.length(1)
  })

  it('gives up a call that takes too long, bounds those that wait, and goes on', async () => {
    const running = await started({ timeout: 400, queue: 1 })
    server?.freeze()
    try {
      const calls = [codeOf(running.get('a')), codeOf(running.get('a'))]
      expect(await Promise.all(calls)).to.deep.equal(['STATE_TIMEOUT', 'STATE_BUSY'])
    } finally {
      server?.thaw()
    }
    await until(async () => await codeOf(running.get('a')) === '')
  })

  it('stores nothing of a batch for which Redis has no room, and warns where Redis would make room by throwing values away', async () => {
    await server?.down()
    await server?.up(['--maxmemory', '3mb', '--maxmemory-policy', 'allkeys-lru'])
    const careless = await started()
    expect(careless.health()).to.have.property('state', 'degraded')
    expect(careless.health().detail).to.include('noeviction')
    await careless.stop()
    await server?.down()
    await server?.up(['--maxmemory', '3mb'])
    const running = await started()
    let stored = 0
    let code = ''
    for (; code === '' && stored < 100; stored++) {
      code = await codeOf(running.commit([...put(`large/${stored}`, 100_000), ...put(`small/${stored}`)]))
    }
    expect(code).to.equal('STATE_FULL')
    expect(await running.count('large/')).to.equal(stored - 1)
    expect(await running.count('small/')).to.equal(stored - 1)
  })

  it('keeps to TLS with a server that its authority vouches for', async () => {
    const files = await server?.withTls()
    const tls = { host: 'localhost', tls: true }
    const running = await started({ ...tls, ca: files?.ca })
    await running.commit(put('sealed'))
    await running.stop()
    expect(await codeOf(started({ ...tls, ca: files?.stranger }))).to.equal('STATE_UNAVAILABLE')
  })
})
