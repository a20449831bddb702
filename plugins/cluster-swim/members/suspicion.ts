import type { Clock, Timer } from '../../../kernel/contract/index.js'
import type { SwimSettings } from '../settings.js'

/** How long a suspicion lasts. */
export interface SuspicionSpan {
  /** Confirmations that are worth counting. */
  readonly confirmations: number
  readonly min: number
  readonly max: number
}

/** From the number of nodes that are known (memberlist §6.5). */
export function suspicionSpan (settings: SwimSettings, nodes: number): SuspicionSpan {
  const wanted = settings.suspicionMultiplier - 2
  const confirmations = nodes - 2 < wanted ? 0 : wanted
  const scale = Math.trunc(Math.max(1, Math.log10(Math.max(1, nodes))) * 1000) / 1000
  const min = Math.max(settings.suspicionMin, settings.suspicionMultiplier * scale * settings.probeInterval)
  return { confirmations, min, max: confirmations < 1 ? min : min * settings.suspicionMaxMultiplier }
}

/** A suspicion that turns into a death unless it is refuted; each further accuser shortens it (Lifeguard, dogpile). */
export class Suspicion {
  readonly #accusers: Set<string>
  readonly #began: number
  #confirmed = 0
  #extensions = 0
  #timer: Timer

  constructor (
    private readonly clock: Clock,
    private readonly span: SuspicionSpan,
    first: string,
    private readonly expired: () => void,
  ) {
    this.#accusers = new Set([first])
    this.#began = clock.elapsed()
    this.#timer = clock.after(span.max, expired)
  }

  /** False when it said nothing new. */
  confirm (accuser: string): boolean {
    if (this.#confirmed >= this.span.confirmations || this.#accusers.has(accuser)) return false
    this.#accusers.add(accuser)
    this.#confirmed += 1
    this.#rearm(this.#began + this.#timeout() - this.clock.elapsed())
    return true
  }

  /** How often it was made to last longer. */
  get extensions (): number {
    return this.#extensions
  }

  /** Lets it last this much longer from now on. */
  extend (milliseconds: number): void {
    this.#extensions += 1
    this.#rearm(milliseconds)
  }

  cancel (): void {
    this.#timer.cancel()
  }

  #rearm (milliseconds: number): void {
    this.#timer.cancel()
    this.#timer = this.clock.after(Math.max(0, milliseconds), this.expired)
  }

  #timeout (): number {
    const { confirmations, min, max } = this.span
    const share = Math.log(this.#confirmed + 1) / Math.log(confirmations + 1)
    return Math.max(min, Math.floor(max - share * (max - min)))
  }
}
