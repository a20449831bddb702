import { defineError } from '../../kernel/contract/index.js'

/** How tasks are negotiated. */
export const PROTOCOL = 'fipa-contract-net'

/** A task that can't be run as it was asked for. */
export const TaskInvalid = defineError({
  code: 'TASK_INVALID', kind: 'invalid',
  meaning: 'A task names nobody to call, or says in no known way which proposals are best.',
  remedy: 'Change the part that the message names; `caxton task run --help` shows how each is written.',
  sentence: (d: { part: string, problem: string }) => `the task's ${d.part} can't be used: ${d.problem}`,
})

/** A task for which there is nobody. */
export const TaskUnoffered = defineError({
  code: 'TASK_UNOFFERED', kind: 'not-found',
  meaning: 'Nobody who runs here offers the capability that a task asks for, in these versions and for Contract Net.',
  remedy: 'See what is offered with `caxton capabilities list`, and start or deploy an agent that offers it.',
  sentence: (d: { capability: string }) => `nobody offers the capability "${d.capability}" for ${PROTOCOL}`,
})

export const taskErrors = [TaskInvalid, TaskUnoffered]
