import { setTimeout as pause } from 'node:timers/promises'
import type { BenchAgents } from './bench-agents.js'
import type { BenchServer } from './bench-server.js'
import { between, countOf, type Buckets } from './quantile.js'

/** Milliseconds between two beats of one metronome, each of four messages. */
const EVERY = 4
const PER_BEAT = 4

/** Deploys metronomes and partners that exchange so many messages a second, out of step with one another, as long as the server runs. */
export async function offerEvenly (server: BenchServer, agents: BenchAgents, perSecond: number): Promise<void> {
  const metronomes = Math.round(perSecond / 1_000 * EVERY / PER_BEAT * 1.02)
  for (let index = 0; index < metronomes; index++) await server.deploy(`partner-${index}`, agents.volley)
  for (let index = 0; index < metronomes; index++) {
    await server.deploy(`metronome-${index}`, agents.metronome, { to: `partner-${index}`, every: EVERY })
  }
}

/** What was handed over during some time. */
export interface Latency {
  /** Messages per second. */
  readonly rate: number
  readonly raw: Buckets
  readonly clean: Buckets
}

/** Latencies of what is handed over while `during` lasts: so many milliseconds, or until something has happened. */
export async function latencyOver (server: BenchServer, during: number | (() => Promise<void>)): Promise<Latency> {
  const began = performance.now()
  const before = { raw: await server.latency('raw'), clean: await server.latency('clean') }
  if (typeof during === 'number') await pause(during)
  else await during()
  const raw = between(before.raw, await server.latency('raw'))
  const clean = between(before.clean, await server.latency('clean'))
  return { rate: countOf(raw) / (performance.now() - began) * 1e3, raw, clean }
}
