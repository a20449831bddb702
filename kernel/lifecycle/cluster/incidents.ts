import type { ClusterIncident } from './cluster-deeds.js'

/** Tells whoever watches what became of agents when nodes came or went. */
export class Incidents {
  readonly #listeners = new Set<(incident: ClusterIncident) => void>()

  tell (incident: ClusterIncident): void {
    for (const listener of this.#listeners) listener(incident)
  }

  /** Calls back with each incident, until `signal` aborts. */
  on (happened: (incident: ClusterIncident) => void, signal: AbortSignal): void {
    this.#listeners.add(happened)
    signal.addEventListener('abort', () => this.#listeners.delete(happened), { once: true })
  }
}
