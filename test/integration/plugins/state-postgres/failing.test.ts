import { expect } from 'chai'
import pg from 'pg'
import { Secret } from '../../../../kernel/contract/index.js'
import type { PostgresState } from '../../../../plugins/state-postgres/postgres-state.js'
import { codeOf } from '../../../support/code-of.js'
import { QuietContext } from '../../../support/quiet-context.js'
import { postgresPrograms, PostgresServer } from '../../../support/state/postgres-server.js'
import { until } from '../../../support/until.js'

const put = (key: string) => [{ key, json: '1' }]

/** A real PostgreSQL, because what is tested is what it does when it refuses, stops or hangs. */
describe('state-postgres when things fail', () => {
  let server: PostgresServer | undefined
  let context: QuietContext
  let state: PostgresState | undefined
  const started = async (config: Parameters<PostgresServer['state']>[0] = {}): Promise<PostgresState> => {
    context = new QuietContext('state-postgres')
    state = server?.state(config, context)
    if (!state) throw new Error('there is no PostgreSQL')
    await state.start()
    return state
  }
  before(async function () {
    this.timeout(60_000)
    const programs = postgresPrograms()
    if (programs === undefined) this.skip()
    server = await PostgresServer.start(programs)
  })
  afterEach(async () => { await state?.stop() })
  after(() => server?.stop())

  /** Holds what every batch needs, until the work is done. */
  async function whileLocked (work: () => Promise<void>): Promise<void> {
    const other = new pg.Client(server?.login)
    await other.connect()
    await other.query('BEGIN; SELECT * FROM caxton_state_version FOR UPDATE')
    try {
      await work()
    } finally {
      await other.end()
    }
  }

  it('does not start where its user, password, database or table is refused, and says no secret', async () => {
    expect(await codeOf(started({ password: new Secret('wrong-password') }))).to.equal('STATE_DATABASE_REFUSED')
    expect(JSON.stringify(context.log.lines)).not.to.include('wrong-password')
    expect(await codeOf(started({ database: 'nothing' }))).to.equal('STATE_DATABASE_REFUSED')
    expect(await codeOf(started({ table: 'a; DROP TABLE b' }))).to.equal('STATE_DATABASE_REFUSED')
    expect(await codeOf(started({ port: 1 }))).to.equal('STATE_UNAVAILABLE')
    expect(await codeOf(started({ host: 'db.example.com', tls: false }))).to.equal('STATE_CONNECTION_UNPROTECTED')
    expect(await codeOf(started({ tls: true, ca: '/nowhere/ca.pem' }))).to.equal('STATE_FILE_UNREADABLE')
  })

  it('answers that it is out of reach while PostgreSQL is down, and works again when it is back', async () => {
    const running = await started()
    await running.commit(put('a'))
    await server?.down()
    expect(await codeOf(running.get('a'))).to.equal('STATE_UNAVAILABLE')
    expect(await codeOf(running.commit(put('b')))).to.equal('STATE_UNAVAILABLE')
    expect(running.health().state).to.equal('degraded')
    await server?.up()
    await until(async () => await codeOf(running.get('a')) === '')
    expect(running.health()).to.deep.equal({ state: 'ready' })
    expect(context.said('warn')).to.have.length(1)
    expect(context.failures).to.deep.equal([])
  })

  it('gives up a call that takes too long, changes nothing by it, and goes on', async () => {
    const running = await started({ timeout: 400 })
    await whileLocked(async () => {
      expect(await codeOf(running.commit(put('late')))).to.equal('STATE_TIMEOUT')
      expect(await codeOf(running.get('late'))).to.equal('')
    })
    await until(async () => await codeOf(running.commit(put('next'))) === '')
    expect(await running.get('late')).to.equal(undefined)
  })

  it('bounds its connections and the calls that wait for them', async () => {
    const running = await started({ connections: 1, queue: 1 })
    let calls: Array<Promise<string>> = []
    await whileLocked(async () => {
      calls = ['a', 'b', 'c'].map(key => codeOf(running.commit(put(key))))
      expect(await calls[2]).to.equal('STATE_BUSY')
    })
    expect(await Promise.all(calls)).to.deep.equal(['', '', 'STATE_BUSY'])
  })

  it('keeps to TLS with a database that its authority vouches for', async () => {
    const files = await server?.withTls()
    const tls = { host: 'localhost', tls: true }
    const running = await started({ ...tls, ca: files?.ca })
    await running.commit(put('sealed'))
    await running.stop()
    expect(await codeOf(started({ ...tls, ca: files?.stranger }))).to.equal('STATE_UNAVAILABLE')
  })
})
