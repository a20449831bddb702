import { ClockToken, definePlugin, ExchangesToken } from '../../kernel/contract/index.js'
import { taskCommands } from './task-commands.js'
import { taskErrors } from './task-errors.js'
import { taskOperations } from './task-operations.js'

export default definePlugin({
  name: 'tasks-contract-net',
  summary: 'Lets callers have a task done by whichever agents bid best for it, by FIPA Contract Net.',
  stability: 'beta',
  contract: '^1.0',
  needs: [ExchangesToken, ClockToken],
  operations: [taskOperations],
  commands: taskCommands,
  errors: taskErrors,
  main: async () => (await import('./task-runner.js')).TaskRunner,
})
