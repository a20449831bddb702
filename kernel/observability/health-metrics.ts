import type { Health, Metrics, ServerHealth } from '../contract/index.js'

const STATES: ReadonlyArray<Health['state']> = ['ready', 'degraded', 'failed']

/** Shows what `/health` says, so that it can be watched over time. */
export function measureHealth (metrics: Metrics, health: ServerHealth): void {
  const ready = metrics.gauge('caxton_ready', '1 if new work should be sent to this server, else 0.')
  const parts = metrics.gauge('caxton_part_health', '1 for how each part of the server does, 0 for the other states.', ['part', 'state'])
  metrics.onCollect(() => {
    ready.set(health.ready() ? 1 : 0)
    for (const { name, health: { state } } of health.parts()) {
      for (const one of STATES) parts.set(one === state ? 1 : 0, { part: name, state: one })
    }
  })
}
