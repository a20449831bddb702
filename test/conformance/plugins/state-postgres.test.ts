import { kitOnDatabase } from '../../support/state/kit-on-database.js'
import { postgresPrograms, PostgresServer } from '../../support/state/postgres-server.js'

describe('state-postgres', () => {
  let server: PostgresServer | undefined
  before(async function () {
    this.timeout(60_000)
    const programs = postgresPrograms()
    if (programs === undefined) this.skip()
    server = await PostgresServer.start(programs)
  })

  kitOnDatabase('postgres', () => {
    if (!server) throw new Error('there is no PostgreSQL')
    return server.state()
  })

  // Behind the kit's own hook, which stops the backend.
  after(() => server?.stop())
})
