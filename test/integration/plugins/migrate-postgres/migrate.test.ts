import { expect } from 'chai'
import { StateFileWriter } from '../../../../kernel/contract/index.js'
import { StateTransfer } from '../../../../plugins/tools-state/transfer/state-transfer.js'
import { MemoryState } from '../../../fixtures/state-backends/memory-state.js'
import { postgresPrograms, PostgresServer } from '../../../support/state/postgres-server.js'
import { runStateCommand } from '../../../support/state/state-commands.js'
import { TemporaryFolder } from '../../../support/temporary-folder.js'

const SHOP = '6f1c0000-0000-4000-8000-000000000001'
const BUYER = '6f1c0000-0000-4000-8000-000000000000'
const TALK = '6f1c0000-0000-4000-8000-000000000002'

/** As the design of Caxton 0.1 lays them out: states by key, events and snapshots by what they are about. */
const OLD = `
  CREATE TABLE agent_states (key text PRIMARY KEY, value jsonb, updated_at timestamptz NOT NULL DEFAULT now());
  CREATE TABLE events (
    id bigserial PRIMARY KEY, aggregate_id uuid NOT NULL, aggregate_type varchar(50) NOT NULL, event_type varchar(100) NOT NULL,
    event_data jsonb NOT NULL, metadata jsonb, created_at timestamptz DEFAULT now());
  CREATE TABLE snapshots (
    aggregate_id uuid PRIMARY KEY, aggregate_type varchar(50) NOT NULL, snapshot_data jsonb NOT NULL, event_version bigint NOT NULL,
    created_at timestamptz DEFAULT now());
  INSERT INTO agent_states (key, value) VALUES
    ('checkpoints/shop/latest', '{"stock": [1, 2.50, null]}'), ('tasks/shop/17', '"paint"'),
    ('conversations/c-1/messages/0', '{"hello": "\u00e4"}'), ('plain', 'null');
  INSERT INTO events (aggregate_id, aggregate_type, event_type, event_data, created_at)
    SELECT '${SHOP}', 'Agent', 'counted', json_build_object('n', n), '2024-01-31T12:00:00Z' FROM generate_series(1, 1200) AS n;
  INSERT INTO events (aggregate_id, aggregate_type, event_type, event_data) VALUES ('${TALK}', 'Conversation', 'MessageSent', '{}');
  INSERT INTO snapshots VALUES
    ('${SHOP}', 'Agent', '{"n": 12}', 12), ('${BUYER}', 'Agent', '{}', 3), ('${TALK}', 'Conversation', '[]', 1);
`

/** A real PostgreSQL with a database of the old layout; the server of Caxton is left out between command and backend. */
describe('Migrating from PostgreSQL', () => {
  let server: PostgresServer | undefined
  let folder: TemporaryFolder
  let target: MemoryState
  const migrate = (...words: string[]) => {
    const { port = 0, login } = server ?? {}
    const url = `postgres://${login?.user ?? ''}@127.0.0.1:${port}/${login?.database ?? ''}`
    return runStateCommand(['migrate', 'postgres', ...words, '--output', 'json'], new StateTransfer(target), {
      environment: { CAXTON_MIGRATE_DATABASE: url, PGPASSWORD: login?.password ?? '' },
    })
  }
  before(async function () {
    this.timeout(60_000)
    const programs = postgresPrograms()
    if (programs === undefined) this.skip()
    server = await PostgresServer.start(programs)
    await server.query(OLD)
  })
  beforeEach(() => {
    folder = new TemporaryFolder()
    target = new MemoryState()
  })
  afterEach(() => { folder.remove() })
  after(() => server?.stop())

  it('plans: counts tables and what becomes of them, and writes nothing', async () => {
    const { code, stdout } = await migrate('plan')
    expect(code).to.equal(0)
    expect(JSON.parse(stdout)).to.deep.include({
      keys: { [`agents/${BUYER}/`]: 1, [`agents/${SHOP}/`]: 1201, 'agents/shop/': 2, 'shared/imported/': 4 },
      invalid: { rows: 0, examples: [] },
    })
  }).timeout(20_000)

  it('brings every row into the state tool, and shows that it did', async () => {
    const file = folder.file('old.ndjson')
    const exported = await migrate('export', file)
    expect(JSON.parse(exported.stdout)).to.deep.include({ entries: 1208, leftOut: 0 })
    expect(JSON.parse((await migrate('import', file)).stdout)).to.deep.equal({ stored: 1208, same: 0 })
    const verified = await migrate('verify')
    expect([verified.code, JSON.parse(verified.stdout)]).to.deep.equal(
      [0, { isSame: true, same: 1208, missing: 0, different: 0, examples: [] }])
    const valueOf = async (key: string): Promise<unknown> => JSON.parse((await target.get(key))?.json ?? '"nothing"')
    expect((await target.get('agents/shop/checkpoints/latest'))?.json).to.equal('{"stock": [1, 2.50, null]}')
    expect(await valueOf('shared/imported/conversations/c-1/messages/0')).to.deep.equal({ hello: 'ä' })
    expect(await valueOf(`agents/${SHOP}/events/00000000000000001200`)).to.deep.include({ event_type: 'counted', event_data: { n: 1200 } })
    expect(await valueOf(`agents/${SHOP}/snapshots/00000000000000000012`)).to.deep.include({ snapshot_data: { n: 12 } })
    expect(await valueOf(`shared/imported/conversation/${TALK}/events/00000000000000001201`)).to.deep.include({ event_type: 'MessageSent' })
    expect(await valueOf(`shared/imported/conversation/${TALK}/snapshots/00000000000000000001`)).to.deep.include({ snapshot_data: [] })
    expect(JSON.parse((await migrate('import', file)).stdout)).to.deep.equal({ stored: 0, same: 1208 })
  }).timeout(20_000)

  it('notices what is missing or different on the server', async () => {
    const file = folder.file('old.ndjson')
    await migrate('export', file)
    await migrate('import', file)
    await target.commit([{ key: 'agents/shop/tasks/17', json: '"other"' }, { key: 'shared/imported/plain', delete: true }])
    const { code, stdout } = await migrate('verify')
    expect(code).to.equal(1)
    expect(JSON.parse(stdout)).to.deep.include({ missing: 1, different: 1, examples: ['agents/shop/tasks/17', 'shared/imported/plain'] })
  }).timeout(20_000)

  it('shows rows that have no place, and leaves them out only when told so', async () => {
    await server?.query('INSERT INTO agent_states (key, value) VALUES (\'../escape\', \'1\'), (\'logs/shop/a//b\', \'2\')')
    await server?.query('INSERT INTO snapshots VALUES (gen_random_uuid(), \'no/type\', \'1\', 1)')
    try {
      const plan = await migrate('plan')
      expect(plan.code).to.equal(1)
      expect(JSON.parse(plan.stdout)).to.have.nested.property('invalid.rows', 3)
      expect((await migrate('export', folder.file('a'))).stderr).to.include('MIGRATION_ROWS_INVALID')
      const exported = await migrate('export', folder.file('a'), '--skip-invalid')
      expect(JSON.parse(exported.stdout)).to.deep.include({ entries: 1208, leftOut: 3 })
    } finally {
      await server?.query('DELETE FROM agent_states WHERE value IN (\'1\', \'2\')')
      await server?.query('DELETE FROM snapshots WHERE aggregate_type = \'no/type\'')
    }
  }).timeout(20_000)

  it('goes on with an export that broke off', async () => {
    const file = folder.file('old.ndjson')
    const writer = await StateFileWriter.open(file, { created: '2030-01-01T00:00:00.000Z', prefix: '', newest: 1 })
    const { json = '' } = await firstSnapshot()
    await writer.add({ key: `agents/${BUYER}/snapshots/00000000000000000003`, version: 1, json })
    await writer.leave()
    expect(JSON.parse((await migrate('export', file)).stdout)).to.deep.include({ entries: 1208 })
    await migrate('import', file)
    expect((await migrate('verify')).code).to.equal(0)
  }).timeout(20_000)

  it('says what is wrong with the database that it was given', async () => {
    const run = (environment: Record<string, string>) =>
      runStateCommand(['migrate', 'postgres', 'plan'], new StateTransfer(target), { environment })
    expect((await run({})).stderr).to.include('MIGRATION_SOURCE_MISSING')
    expect((await run({ CAXTON_MIGRATE_DATABASE: 'mysql://x/y' })).stderr).to.include('MIGRATION_SOURCE_MISSING')
    const wrong = await run({ CAXTON_MIGRATE_DATABASE: `postgres://caxton:hush@127.0.0.1:${server?.port ?? 0}/postgres` })
    expect(wrong.stderr).to.include('MIGRATION_SOURCE_UNREACHABLE').and.not.include('hush')
    const empty = await run({
      CAXTON_MIGRATE_DATABASE: `postgres://caxton@127.0.0.1:${server?.port ?? 0}/template1`, PGPASSWORD: server?.login.password ?? '',
    })
    expect(empty.stderr).to.include('MIGRATION_LAYOUT_UNKNOWN')
  })

  async function firstSnapshot (): Promise<{ readonly json?: string }> {
    const [row] = await server?.query(`SELECT row_to_json(snapshots)::text AS json FROM snapshots WHERE aggregate_id = '${BUYER}'`) ?? []
    return { ...typeof row === 'object' ? row : {} }
  }
})
