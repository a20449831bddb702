import { isInstalled } from '../../support/state/database-process.js'
import { kitOnDatabase } from '../../support/state/kit-on-database.js'
import { RedisServer } from '../../support/state/redis-server.js'

describe('state-redis', () => {
  let server: RedisServer | undefined
  before(async function () {
    this.timeout(60_000)
    if (!isInstalled('redis-server')) this.skip()
    server = await RedisServer.start()
  })

  kitOnDatabase('redis', () => {
    if (!server) throw new Error('there is no Redis')
    return server.state()
  })

  // Behind the kit's own hook, which stops the backend.
  after(() => server?.stop())
})
