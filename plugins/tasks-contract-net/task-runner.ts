import type { MessageInitShape } from '@bufbuild/protobuf'
import {
  CapabilitiesToken, ClockToken, ExchangesToken, inject, injectable, type CapabilityDirectory, type Clock, type Exchanges,
  type TraceContext,
} from '../../kernel/contract/index.js'
import { choiceOf } from './best-proposals.js'
import { Negotiation, type Task } from './negotiation.js'
import type { RunTaskRequest, RunTaskResponseSchema } from './proto/caxton/v1/tasks_pb.js'
import { PROTOCOL, TaskInvalid, TaskUnoffered } from './task-errors.js'

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
    @inject(CapabilitiesToken) private readonly capabilities: CapabilityDirectory,
    @inject(ClockToken) private readonly clock: Clock,
  ) {}

  /** Everything that happens, at the end the outcome. Throws `TASK_INVALID`, `TASK_UNOFFERED`, and the signal's reason when it aborts. */
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

  #task ({ to, capability, content, mediaType, deadlineMilliseconds, resultMilliseconds, awards, choose }: RunTaskRequest): Task {
    const bidders = [...new Set([...to, ...this.#offering(capability)])]
    if (bidders.length === 0) throw TaskInvalid({ part: 'list of agents', problem: 'it names nobody, and no capability' })
    if (bidders.length > BIDDERS) throw TaskInvalid({ part: 'list of agents', problem: `it has more than ${BIDDERS} names` })
    return {
      bidders, content, mediaType,
      choice: choiceOf(choose),
      awards: awards ?? 1,
      proposeBy: this.clock.now() + (deadlineMilliseconds || PROPOSE_WITHIN),
      deliverBy: () => this.clock.now() + (resultMilliseconds || DELIVER_WITHIN),
    }
  }

  /** Names of those who offer a capability for this protocol. Throws `TASK_UNOFFERED`. */
  #offering (capability: string): string[] {
    if (capability === '') return []
    const [name = '', range] = capability.split('@')
    const offers = this.capabilities.find(name, range).filter(({ protocols }) => protocols.length === 0 || protocols.includes(PROTOCOL))
    if (offers.length === 0) throw TaskUnoffered({ capability: capability.slice(0, 128) })
    return offers.map(({ agent }) => agent)
  }
}
