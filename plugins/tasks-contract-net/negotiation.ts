import { isCaxtonError, type Act, type Exchange, type Heard } from '../../kernel/contract/index.js'
import { bestFirst, jsonOf, type Choice, type Proposal } from './best-proposals.js'

/** What is to be done, by whom, and until when. Times are in milliseconds since the Unix epoch. */
export interface Task {
  readonly bidders: readonly string[]
  readonly content: Uint8Array
  readonly mediaType: string
  readonly proposeBy: number
  /** From the clock at the time of the award. */
  readonly deliverBy: () => number
  readonly awards: number
  readonly choice: Choice
}

/** One thing that happened. */
export interface TaskEvent {
  readonly event: 'called' | 'proposed' | 'refused' | 'failed' | 'not-understood' | 'awarded' | 'rejected' | 'delivered'
  readonly agent: string
  readonly content?: Uint8Array
  readonly mediaType?: string
  /** The code by which the platform, or the server, says why. */
  readonly reason?: string
}

/** What came of it. */
export interface Outcome {
  readonly called: number
  readonly proposed: number
  readonly refused: number
  readonly awarded: number
  readonly delivered: readonly string[]
  readonly failed: readonly string[]
}

const EVENTS: Readonly<Partial<Record<Act, TaskEvent['event']>>> =
  { 'propose': 'proposed', 'refuse': 'refused', 'failure': 'failed', 'not-understood': 'not-understood', 'inform': 'delivered' }

/**
 * The manager of one Contract Net (FIPA SC00029H): calls, collects proposals until everybody has answered or the deadline
 * has answered for them, awards, and hears the results. All deadlines are the protocol's: there is no clock in here.
 */
export class Negotiation {
  readonly #heard: AsyncIterator<Heard, void, undefined>
  /** Who has something to say: was called and has not answered, or was awarded and has not delivered. */
  readonly #awaited = new Set<string>()
  readonly #proposals = new Map<string, Proposal>()
  readonly #delivered: string[] = []
  readonly #failed: string[] = []
  #proposed = 0
  #awarded = 0

  constructor (private readonly exchange: Exchange, private readonly task: Task, signal: AbortSignal) {
    this.#heard = exchange.heard(signal)[Symbol.asyncIterator]()
  }

  get outcome (): Outcome {
    const called = this.task.bidders.length
    return {
      called, proposed: this.#proposed, refused: called - this.#proposed, awarded: this.#awarded,
      delivered: this.#delivered, failed: this.#failed,
    }
  }

  /** Everything that happens, as it happens. Throws when its signal aborts; then {@link cancel} what is under way. */
  async * run (): AsyncGenerator<TaskEvent, void, undefined> {
    // At once, whoever reads this: if the first had all refused before the last is called, the conversation would be over.
    yield * this.task.bidders.map(agent => this.#call(agent))
    yield * this.#answers()
    this.#proposed = this.#proposals.size
    yield * this.#award()
    yield * this.#answers()
  }

  /** Tells everybody who is still bound that nothing comes of it. */
  cancel (): void {
    for (const agent of [...this.#awaited, ...this.#proposals.keys()]) this.#say('cancel', agent, 0)
  }

  #call (agent: string): TaskEvent {
    const reason = this.#say('cfp', agent, this.task.proposeBy)
    if (reason !== undefined) return { event: 'failed', agent, reason }
    this.#awaited.add(agent)
    return { event: 'called', agent }
  }

  /** Awards go to the best; when one of them is gone meanwhile, the next best takes its place. */
  #award (): TaskEvent[] {
    return bestFirst([...this.#proposals.values()], this.task.choice).map(({ agent }): TaskEvent => {
      const isAwarded = this.#awarded < this.task.awards
      const reason = this.#say(isAwarded ? 'accept-proposal' : 'reject-proposal', agent, isAwarded ? this.task.deliverBy() : 0)
      this.#proposals.delete(agent)
      if (reason !== undefined) return { event: 'failed', agent, reason }
      if (!isAwarded) return { event: 'rejected', agent }
      this.#awarded += 1
      this.#awaited.add(agent)
      return { event: 'awarded', agent }
    })
  }

  /** What is heard until nobody is awaited any more. */
  async * #answers (): AsyncGenerator<TaskEvent, void, undefined> {
    while (this.#awaited.size > 0) {
      const next = await this.#heard.next()
      if (next.done === true) return
      const event = this.#take(next.value)
      if (event !== undefined) yield event
    }
  }

  #take (heard: Heard): TaskEvent | undefined {
    const { from: agent, act, content, mediaType, byPlatform } = heard
    const event = EVENTS[act]
    if (event === undefined) return undefined
    if (event === 'proposed') this.#proposals.set(agent, { agent, content })
    // Somebody may fail after it has made its proposal.
    else this.#proposals.delete(agent)
    if (this.#awarded > 0 && this.#awaited.has(agent)) (event === 'delivered' ? this.#delivered : this.#failed).push(agent)
    this.#awaited.delete(agent)
    return { event, agent, content, mediaType, ...(byPlatform ? { reason: codeOf(content) } : {}) }
  }

  /** The code of the reason why it could not be said, if so. */
  #say (act: Act, to: string, replyBy: number): string | undefined {
    const { content, mediaType } = act === 'cfp' || act === 'accept-proposal' ? this.task : NOTHING
    try {
      this.exchange.say({ act, to, content, mediaType, replyBy })
      return undefined
    } catch (error) {
      if (isCaxtonError(error)) return error.code
      throw error
    }
  }
}

const NOTHING = { content: new Uint8Array(0), mediaType: '' }

/** The code in a platform's answer. */
function codeOf (content: Uint8Array): string {
  const said = jsonOf(content)
  return typeof said === 'object' && said !== null && 'code' in said && typeof said.code === 'string' ? said.code : 'UNKNOWN'
}
