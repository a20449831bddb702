import type { TimerHeap } from '../../routing/timer-heap.js'
import type { HeldPost } from '../../routing/held-post.js'
import { viewOf } from '../../routing/frames/frame.js'
import { AgentWork } from './agent-work.js'
import type { ShardAgent } from './shard-agent.js'
import type { ShardEvent, ShardWork } from './shard-control.js'
import type { ShardReports } from './shard-reports.js'

/** Most bytes of work that are under way to the disk, of all agents of a shard, beyond the last piece. */
const MOST_UNDER_WAY = 8 * 1024 * 1024

/** What {@link ShardWorks} works with. */
export interface WorksParts {
  readonly held: Pick<HeldPost, 'holdBack' | 'vouch' | 'states' | 'unbegin' | 'release'>
  readonly reports: Pick<ShardReports, 'settled'>
  readonly timers: TimerHeap
  readonly tell: (event: ShardEvent) => void
}

/** Has a guest save its state: what it saved, if it keeps any; undefined when it could not, and is gone. */
export type SaveState = (agent: ShardAgent) => { readonly state: Uint8Array | undefined } | undefined

/**
 * Exactly-once within a shard: while an agent handles such messages, whatever it does is held back, and goes to main as one piece of
 * work at the end of the round. Of each agent one piece is under way; it goes on meanwhile and gathers the next. What was not committed
 * did not happen: the guest is discarded, and the messages come again.
 */
export class ShardWorks {
  readonly #gathering = new Set<ShardAgent>()
  /** Bytes of the work that is under way. */
  #underWay = 0

  constructor (private readonly parts: WorksParts) {}

  /** Before an agent's turn. `isExact`: with an exactly-once message, or a timer that is kept. */
  begin (agent: ShardAgent, isExact: boolean): void {
    if (!isExact && agent.open === undefined && agent.committing === undefined) return
    agent.open ??= new AgentWork()
    this.parts.held.holdBack(agent.open)
  }

  /** After an agent's turn that went well. `number`: of the durable message that it handled, 0 none; `view`: of the message, if one was. */
  end (agent: ShardAgent, number: number, view?: DataView, at = 0): void {
    const { open } = agent
    if (open === undefined) {
      if (number > 0) this.parts.reports.settled(number, undefined)
      return
    }
    this.parts.held.holdBack(undefined)
    if (number > 0) open.numbers.push(number)
    if (view !== undefined) open.touch(view, at)
    if (open.isEmpty) agent.open = undefined
    else this.#gathering.add(agent)
  }

  /** What an agent did since its latest commit did not happen: the messages come again. Its guest must go. */
  abort (agent: ShardAgent): void {
    const { open } = agent
    if (open === undefined) return
    this.parts.held.holdBack(undefined)
    this.#gathering.delete(agent)
    for (const number of open.numbers) this.parts.reports.settled(number, 'AGENT_RESTARTED')
    this.#unbegin(open)
    agent.open = undefined
    agent.isHeldUp = false
  }

  /** Sends the work of the round to main. */
  flush (save: SaveState): void {
    if (this.#gathering.size === 0) return
    const works: ShardWork[] = []
    for (const agent of this.#gathering) {
      const { open } = agent
      if (open === undefined || agent.committing !== undefined) continue
      // While the disk is behind an agent gathers, and waits when it has enough.
      agent.isHeldUp = this.#underWay >= MOST_UNDER_WAY
      if (agent.isHeldUp) continue
      const saved = save(agent)
      if (saved === undefined) continue
      open.state = saved.state
      this.#gathering.delete(agent)
      agent.open = undefined
      agent.committing = open
      this.#underWay += open.size
      const { slot, handle, birth: { generation } } = agent
      const { numbers, timers } = open
      const frames = this.#vouched(open, open.durable, agent.repeats)
      open.passing = this.#vouched(open, open.passing, agent.repeats)
      const conversations = this.parts.held.states(open.touched)
      works.push({ slot, handle, generation, numbers, frames, timers: [...timers], state: saved.state, conversations })
    }
    if (works.length > 0) this.parts.tell({ kind: 'works', works })
  }

  /** Main says what became of the work that was under way. When nothing did, the guest is gone afterwards. */
  settled (agent: ShardAgent, committed: boolean): void {
    const work = agent.committing
    if (work === undefined) return
    agent.committing = undefined
    this.#underWay -= work.size
    agent.repeats = !committed
    if (!committed) {
      // Main knows that its messages come again.
      this.#unbegin(work)
      this.abort(agent)
      agent.discard(this.parts.timers)
      return
    }
    if (work.state !== undefined) agent.kept = work.state
    for (const [id, due] of work.timers) {
      if (due === 0) agent.lasting?.delete(id)
      else (agent.lasting ??= new Map<number, number>()).set(id, due)
    }
    for (const frame of work.passing) this.parts.held.release(frame)
  }

  /** Those frames that may go. */
  #vouched (work: AgentWork, frames: readonly Uint8Array[], isRepeat: boolean): Uint8Array[] {
    return frames.filter(frame => {
      const may = this.parts.held.vouch(frame, isRepeat)
      work.touch(viewOf(frame), 0)
      return may
    })
  }

  #unbegin ({ begun }: AgentWork): void {
    for (let word = 0; word < begun.length; word += 2) this.parts.held.unbegin(begun[word] ?? 0, begun[word + 1] ?? 0)
  }
}
