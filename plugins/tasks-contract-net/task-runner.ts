import type { MessageInitShape } from '@bufbuild/protobuf'
import {
  ClockToken, ExchangesToken, inject, injectable, type Clock, type Exchanges, type TraceContext,
} from '../../kernel/contract/index.js'
import { choiceOf } from './best-proposals.js'
import { Negotiation, type Task } from './negotiation.js'
import type { RunTaskRequest, RunTaskResponseSchema } from './proto/caxton/v1/tasks_pb.js'
import { TaskInvalid } from './task-errors.js'

const PROTOCOL = 'fipa-contract-net'
/** Milliseconds for proposals and for results when the caller leaves it to us. */
const PROPOSE_WITHIN = 2_000
const DELIVER_WITHIN = 30_000
/** Most agents that are called for one task; a conversation may have fewer participants (`conversations.participants`). */
const BIDDERS = 10_000

/** Runs tasks for callers, each as a negotiation of its own. The plugin's living part. */
@injectable()
export class TaskRunner {
  constructor (
    @inject(ExchangesToken) private readonly exchanges: Exchanges,
    @inject(ClockToken) private readonly clock: Clock,
  ) {}

  /** Everything that happens, and at the end the outcome. Throws `TASK_INVALID`, and the signal's reason when it aborts. */
  async * run (
    request: RunTaskRequest, trace: TraceContext, signal: AbortSignal,
  ): AsyncGenerator<MessageInitShape<typeof RunTaskResponseSchema>, void, undefined> {
    const task = this.#task(request)
    const exchange = this.exchanges.open(PROTOCOL, trace)
    const negotiation = new Negotiation(exchange, task, signal)
    try {
      for await (const event of negotiation.run()) yield { ...event, conversationId: exchange.conversationId }
      const { delivered, failed, ...counts } = negotiation.outcome
      const outcome = { ...counts, delivered: [...delivered], failed: [...failed] }
      yield { event: 'finished', conversationId: exchange.conversationId, outcome }
    } finally {
      negotiation.cancel()
      exchange.close()
    }
  }

  #task ({ to, content, mediaType, deadlineMilliseconds, resultMilliseconds, awards, choose }: RunTaskRequest): Task {
    const bidders = [...new Set(to)]
    if (bidders.length === 0) throw TaskInvalid({ part: 'list of agents', problem: 'it names nobody' })
    if (bidders.length > BIDDERS) throw TaskInvalid({ part: 'list of agents', problem: `it has more than ${BIDDERS} names` })
    return {
      bidders, content, mediaType,
      choice: choiceOf(choose),
      awards: awards ?? 1,
      proposeBy: this.clock.now() + (deadlineMilliseconds || PROPOSE_WITHIN),
      deliverBy: () => this.clock.now() + (resultMilliseconds || DELIVER_WITHIN),
    }
  }
}
