import type { SwimCore } from './swim-core.js'
import type { SwimLoops } from './swim-loops.js'

/** How long news may take to reach everybody before the next step. */
const SPREAD_ROUNDS = 5
/** How long probes are still answered after everybody was told. */
const LINGER = 700

/**
 * The steps by which a node goes for good (memberlist §6.11, Serf §11.4): Serf's agents hear first that it will leave, then that it
 * left, or they would think that it failed.
 */
export class Departure {
  constructor (private readonly core: SwimCore, private readonly loops: SwimLoops) {}

  async go (signal: AbortSignal): Promise<void> {
    const { core, loops } = this
    const { me, roster, serf, needs } = core
    if (me.state === 'left') return
    const spread = needs.settings.gossipInterval * SPREAD_ROUNDS
    serf.announceLeave(me.name)
    roster.decide(me.name, 'left', me.incarnation)
    await this.#wait(spread, signal)
    core.post.broadcast(core.rules.leave())
    loops.quieten()
    await this.#wait(spread + LINGER, signal)
    loops.gossiper.stop()
    await roster.settled()
  }

  #wait (milliseconds: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const abort = (): void => {
        timer.cancel()
        reject(signal.reason instanceof Error ? signal.reason : new Error('leaving was called off'))
      }
      const timer = this.core.needs.clock.after(milliseconds, () => {
        signal.removeEventListener('abort', abort)
        resolve()
      })
      if (signal.aborted) abort()
      else signal.addEventListener('abort', abort, { once: true })
    })
  }
}
