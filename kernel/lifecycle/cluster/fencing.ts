import { AgentState, DELIVERY, type Clock, type Logger, type Timer } from '../../contract/index.js'
import type { AgentMoving } from '../agents/agent-moving.js'
import type { AgentRecord } from '../agents/agent-record.js'
import type { AgentRoster } from '../agents/agent-roster.js'
import type { Incidents } from './incidents.js'

/** What {@link Fencing} works with. */
export interface FencingParts {
  readonly self: string
  readonly roster: Pick<AgentRoster, 'list'>
  readonly moving: Pick<AgentMoving, 'rest' | 'resume'>
  /** Milliseconds in a minority after which singletons stop; others take them over later than that. */
  readonly after: number
  readonly incidents: Incidents
  readonly clock: Clock
  readonly log: Logger
}

/**
 * Stops the agents of which there must not be two while this node stands in a minority, before the majority may take them over: those
 * whose messages are kept, and those that save their state (DESIGN §5). The others go on serving who can reach them.
 */
export class Fencing {
  readonly #stopped = new Set<string>()
  #timer: Timer | undefined

  constructor (private readonly parts: FencingParts) {}

  /** Agents that are stopped for this. */
  get stopped (): number {
    return this.#stopped.size
  }

  /** Whether agents are to be stopped soon. */
  get isDue (): boolean {
    return this.#timer !== undefined
  }

  /** This node stands in a minority. */
  begin (): void {
    this.#timer ??= this.parts.clock.after(this.parts.after, () => void this.#stopAll())
  }

  /** It does no more, and knows which agents others have by now: those that are still its own go on. */
  async end (): Promise<void> {
    this.close()
    const names = [...this.#stopped]
    this.#stopped.clear()
    await Promise.all(names.map(name => this.parts.moving.resume(name).catch((error: unknown) => {
      this.parts.log.error('an agent that was stopped in a minority could not be started again', { agent: name, cause: String(error) })
    })))
  }

  close (): void {
    this.#timer?.cancel()
    this.#timer = undefined
  }

  async #stopAll (): Promise<void> {
    const { roster, moving, incidents, log, self } = this.parts
    const singletons = roster.list().filter(isSingleton)
    for (const { name } of singletons) this.#stopped.add(name)
    await Promise.all(singletons.map(async ({ name }) => {
      try {
        await moving.rest(name)
        incidents.tell({ kind: 'fenced', nodeId: self, sentence: `agent ${name} stopped on ${self}: the majority may take it over` })
      } catch (error) {
        log.error('an agent could not be stopped in a minority', { agent: name, cause: String(error) })
      }
    }))
    if (singletons.length > 0) log.warn('agents of which there must not be two are stopped in a minority', { agents: singletons.length })
  }
}

const isSingleton = ({ plan, prepared, state }: AgentRecord): boolean =>
  state === AgentState.RUNNING && (plan.delivery !== DELIVERY[0] || prepared?.keepsState === true)
