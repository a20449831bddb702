import { kitOnDatabase } from '../../support/state/kit-on-database.js'
import { sqliteState } from '../../support/sqlite-state.js'
import { TemporaryFolder } from '../../support/temporary-folder.js'

describe('state-sqlite', () => {
  const folder = new TemporaryFolder()
  after(() => { folder.remove() })

  kitOnDatabase('sqlite', () => sqliteState(folder.path))
})
