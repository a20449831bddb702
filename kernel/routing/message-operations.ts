import { create } from '@bufbuild/protobuf'
import { AclMessageSchema, Messages, operations, type Handlers, type OperationService } from '../contract/index.js'
import type { Callers } from './callers.js'
import type { DeadLetters } from './dead-letters.js'
import type { MessageWatch } from './message-watch.js'
import { termsOf } from './send-terms.js'

const WAIT = 30_000
const LONGEST_WAIT = 3_600_000
const LETTERS = 100
const MOST_LETTERS = 1_000

/** What the handlers of the messages service reach. */
export interface MessageOperationsMain {
  readonly callers: Callers
  readonly messageWatch: MessageWatch
  readonly deadLetters: DeadLetters
}

/** The operations on messages: they translate, and leave the work to the callers, the watch and the dead letters. */
export const messageOperations: OperationService = operations(Messages, (main: MessageOperationsMain): Handlers<typeof Messages> => ({
  async send ({ message, wait, waitMilliseconds, ...terms }, { trace, signal }) {
    const milliseconds = waitMilliseconds === 0 ? WAIT : Math.min(waitMilliseconds, LONGEST_WAIT)
    const patience = wait || terms.receipt ? { milliseconds, signal, receiptOnly: !wait } : undefined
    const sent = await main.callers.send(message ?? create(AclMessageSchema), trace, patience, termsOf(terms))
    return { ...sent, traceId: trace.traceId, answers: [...sent.answers] }
  },

  async * watch ({ agents }, { signal }) {
    yield * main.messageWatch.watch(agents, signal)
  },

  async listDeadLetters ({ limit }) {
    const letters = await main.deadLetters.newest(limit === 0 ? LETTERS : Math.min(limit, MOST_LETTERS))
    return { letters, kept: BigInt(main.deadLetters.kept), counted: BigInt(main.deadLetters.counted) }
  },
}))
