import { defineError } from '../../kernel/contract/index.js'

/** A task that can't be run as it was asked for. */
export const TaskInvalid = defineError({
  code: 'TASK_INVALID', kind: 'invalid',
  meaning: 'A task names nobody to call, or says in no known way which proposals are best.',
  remedy: 'Change the part that the message names; `caxton task run --help` shows how each is written.',
  sentence: (d: { part: string, problem: string }) => `the task's ${d.part} can't be used: ${d.problem}`,
})

export const taskErrors = [TaskInvalid]
