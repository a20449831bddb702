import { Messages, operations, type Clock, type Handlers, type OperationService } from '../contract/index.js'
import { answersInForm, askedMessage } from './frames/asked-message.js'
import type { Callers } from './callers/callers.js'
import type { MessageWatch } from './message-watch.js'
import { termsOf } from './callers/send-terms.js'

const WAIT = 30_000
const LONGEST_WAIT = 3_600_000

/** What the handlers of the messages service reach. */
export interface MessageOperationsMain {
  readonly callers: Callers
  readonly messageWatch: MessageWatch
  readonly clock: Clock
}

/** The operations on messages: they translate, and leave the work to the callers and the watch. */
export const messageOperations: OperationService = operations(Messages, (main: MessageOperationsMain): Handlers<typeof Messages> => ({
  async send ({ message, acl, wait, waitMilliseconds, ...terms }, { principal, trace, signal }) {
    const milliseconds = waitMilliseconds === 0 ? WAIT : Math.min(waitMilliseconds, LONGEST_WAIT)
    const patience = wait || terms.receipt ? { milliseconds, signal, receiptOnly: !wait } : undefined
    const sent = await main.callers.send(askedMessage({ message, acl }, main.clock.now()), trace, patience, termsOf(terms, principal.name))
    return { ...sent, traceId: trace.traceId, answers: [...sent.answers], aclAnswers: answersInForm(acl, sent.answers) }
  },

  async * watch ({ agents }, { signal }) {
    yield * main.messageWatch.watch(agents, signal)
  },
}))
