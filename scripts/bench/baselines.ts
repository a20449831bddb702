import { once } from 'node:events'
import { Worker } from 'node:worker_threads'

const ROUND_TRIPS = 20_000
const CALLS = 2_000_000

/** What this machine does without any of our code, measured in the same run. */
export interface Baselines {
  /** Median time of a message to a worker thread and back, in seconds. */
  readonly postMessage: number
  /** Calls per second of a handler found by name in a map, in the same thread, without a sandbox. */
  readonly calls: number
}

export async function baselines (): Promise<Baselines> {
  return { postMessage: await postMessageRoundTrip(), calls: callsWithoutSandbox() }
}

async function postMessageRoundTrip (): Promise<number> {
  const echo = 'require("node:worker_threads").parentPort.on("message", m => require("node:worker_threads").parentPort.postMessage(m))'
  const worker = new Worker(echo, { eval: true })
  const times: number[] = []
  const message = new Uint8Array(200)
  for (let trip = 0; trip < ROUND_TRIPS; trip++) {
    const began = performance.now()
    worker.postMessage(message)
    await once(worker, 'message')
    times.push(performance.now() - began)
  }
  await worker.terminate()
  return median(times) / 1e3
}

function callsWithoutSandbox (): number {
  const handlers = new Map<string, (message: { readonly to: string, readonly body: Uint8Array }) => { readonly body: Uint8Array }>()
  for (let index = 0; index < 100; index++) handlers.set(`agent-${index}`, message => ({ body: message.body }))
  const body = new Uint8Array(200)
  const names = [...handlers.keys()]
  let kept = 0
  const began = performance.now()
  for (let call = 0; call < CALLS; call++) {
    const to = names[call % names.length] ?? ''
    kept += handlers.get(to)?.({ to, body }).body.length ?? 0
  }
  return kept > 0 ? CALLS / (performance.now() - began) * 1e3 : 0
}

export const median = (values: readonly number[]): number => percentile(values, 0.5)

export function percentile (values: readonly number[], share: number): number {
  const sorted = [...values].sort((one, other) => one - other)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}
