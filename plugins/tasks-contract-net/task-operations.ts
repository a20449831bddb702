import { operations, type Handlers, type OperationService } from '../../kernel/contract/index.js'
import { Tasks } from './proto/caxton/v1/tasks_pb.js'
import type { TaskRunner } from './task-runner.js'

/** The operations on tasks: they leave the work to the runner. */
export const taskOperations: OperationService = operations(Tasks, (main: TaskRunner): Handlers<typeof Tasks> => ({
  run: (request, { trace, signal }) => main.run(request, trace, signal),
}))
