import type { Health, ServerHealth } from '../contract/index.js'

/** One part and how it does. */
export interface NamedHealth {
  readonly name: string
  readonly health: Health
}

/** What the server as a whole is doing. Only `serving` may be ready. */
export type Phase = 'starting' | 'serving' | 'draining' | 'stopped'

/** How a part weighs: without a vital one the server has failed, without another it is degraded. */
export type Weight = 'vital' | 'useful'

/** The health of everything that has one, asked anew each time. */
export class HealthBoard implements ServerHealth {
  private readonly checks = new Map<string, { readonly weight: Weight, readonly check: () => Health }>()
  private phase: Phase = 'starting'

  /** Watches a part; a second one of the same name replaces the first. Returns what takes it away again. */
  watch (name: string, check: () => Health, weight: Weight = 'vital'): () => void {
    const entry = { weight, check }
    this.checks.set(name, entry)
    return () => { if (this.checks.get(name) === entry) this.checks.delete(name) }
  }

  enter (phase: Phase): void {
    this.phase = phase
  }

  /** Every part by name. A check that throws counts as failed. */
  parts (): NamedHealth[] {
    return Array.from(this.checks, ([name, { check }]) => ({ name, health: ask(check) }))
      .sort((a, b) => a.name < b.name ? -1 : 1)
  }

  /** The worst of all parts; its detail names them. */
  overall (): Health {
    const ill = this.parts().filter(part => part.health.state !== 'ready')
    if (ill.length === 0) return { state: 'ready' }
    const failed = ill.some(part => part.health.state === 'failed' && this.checks.get(part.name)?.weight === 'vital')
    return { state: failed ? 'failed' : 'degraded', detail: ill.map(sentenceOf).join('; ') }
  }

  /** Whether new work should be sent here: started, not draining, nothing vital failed. */
  ready (): boolean {
    return this.phase === 'serving' && this.overall().state !== 'failed'
  }
}

function ask (check: () => Health): Health {
  try {
    return check()
  } catch (error) {
    return { state: 'failed', detail: error instanceof Error ? error.message : String(error) }
  }
}

function sentenceOf ({ name, health }: NamedHealth): string {
  return health.detail === undefined ? `${name} is ${health.state}` : `${name} is ${health.state}: ${health.detail}`
}
