import type { Clock, Timer } from '../../contract/index.js'
import type { RemoteAgents } from '../../routing/remote/remote-agents.js'

/** How often senders are forgotten who are listed nowhere, and after what silence, in milliseconds. */
const INTERVAL = 60_000
const SILENCE = 600_000

/** Forgets, each minute, the agents of other nodes that are listed nowhere and of whom nothing was heard for ten. */
export class RemoteSweep {
  #timer: Timer | undefined

  constructor (private readonly agents: Pick<RemoteAgents, 'sweep'>, private readonly clock: Clock) {}

  start (): void {
    this.agents.sweep(SILENCE)
    this.#timer = this.clock.after(INTERVAL, () => { this.start() })
  }

  stop (): void {
    this.#timer?.cancel()
  }
}
