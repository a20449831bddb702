import { WORST_AWARENESS } from '../settings.js'

/**
 * How well this node itself does (Lifeguard, local health multiplier): 0 is well. Who hears badly waits longer before accusing
 * others.
 */
export class Awareness {
  #score = 0

  get score (): number {
    return this.#score
  }

  add (points: number): void {
    this.#score = Math.min(WORST_AWARENESS, Math.max(0, this.#score + points))
  }

  scale (milliseconds: number): number {
    return milliseconds * (this.#score + 1)
  }
}
