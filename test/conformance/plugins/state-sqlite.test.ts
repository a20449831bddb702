import type { SqliteState } from '../../../plugins/state-sqlite/sqlite-state.js'
import { stateBackendKit } from '../../kits/state-backend.js'
import { emptyState } from '../../support/empty-state.js'
import { sqliteState } from '../../support/sqlite-state.js'
import { TemporaryFolder } from '../../support/temporary-folder.js'

const folder = new TemporaryFolder()
/** Lives from test to test, because a thread takes long to start; a test that stops it lets the next one have another. */
let backend: SqliteState | undefined
let others: SqliteState[] = []

async function started (): Promise<SqliteState> {
  const state = sqliteState(folder.path)
  others.push(state)
  await state.start(new AbortController().signal)
  return state
}

after(async () => {
  await backend?.stop()
  folder.remove()
})

stateBackendKit('sqlite', {
  setup: async () => {
    const state = backend ?? await started()
    backend = state
    others = []
    await emptyState(state)
    const stop = async (): Promise<void> => {
      backend = undefined
      await state.stop()
    }
    return {
      backend: state,
      stop,
      second: started,
      reopen: async () => {
        await stop()
        return await started()
      },
    }
  },
  teardown: async () => {
    for (const each of others) await each.stop()
  },
})
