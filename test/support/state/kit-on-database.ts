import type { PluginLife, StateBackend } from '../../../kernel/contract/index.js'
import { stateBackendKit } from '../../kits/state-backend.js'
import { emptyState } from '../empty-state.js'

type Backend = StateBackend & Required<Pick<PluginLife, 'start' | 'stop'>>

/** Puts a backend over a database that runs already through the kit: one backend for all tests, emptied before each. */
export function kitOnDatabase (name: string, make: () => Backend): void {
  let shared: Backend | undefined
  let others: Backend[] = []

  const started = async (): Promise<Backend> => {
    const backend = make()
    others.push(backend)
    await backend.start(new AbortController().signal)
    return backend
  }
  after(async () => { await shared?.stop() })

  stateBackendKit(name, {
    setup: async () => {
      const backend = shared ?? await started()
      shared = backend
      others = []
      await emptyState(backend)
      const stop = async (): Promise<void> => {
        shared = undefined
        await backend.stop()
      }
      return {
        backend,
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
}
