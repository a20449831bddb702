import type { ClusterDeeds, ClusterIncident } from '../../../kernel/lifecycle/cluster/cluster-deeds.js'

/** Deeds that keep what they were asked, and say so in one step. */
export class StandInDeeds implements ClusterDeeds {
  readonly asked: unknown[] = []
  incident: (incident: ClusterIncident) => void = () => {}
  queued = 0

  async * leave (within: number, force: boolean) {
    this.asked.push(['leave', within, force])
    yield { sentence: 'gone', done: 1, total: 1 }
  }

  async * rebalance (dry: boolean) {
    this.asked.push(['rebalance', dry])
    yield { sentence: 'echo moves', done: 1, total: 2 }
  }

  queuedWrites (): number {
    return this.queued
  }

  onIncident (happened: (incident: ClusterIncident) => void): void {
    this.incident = happened
  }
}
