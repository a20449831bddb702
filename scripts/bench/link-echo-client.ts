import { percentile } from './baselines.js'

/** Sends messages that come back. */
export interface EchoPeer {
  send (): void
  onEcho (echoed: () => void): void
  close (): Promise<void>
}

/** Times of round trips with one message under way, in seconds. */
export async function oneInFlight (peer: EchoPeer, trips: number): Promise<{ readonly p50: number, readonly p99: number }> {
  const times: number[] = []
  await new Promise<void>(resolve => {
    let began = performance.now()
    peer.onEcho(() => {
      const now = performance.now()
      times.push((now - began) / 1e3)
      if (times.length === trips) return resolve()
      began = performance.now()
      peer.send()
    })
    peer.send()
  })
  peer.onEcho(() => {})
  return { p50: percentile(times, 0.5), p99: percentile(times, 0.99) }
}

/** Round trips per second with that many messages under way. */
export async function manyInFlight (peer: EchoPeer, inFlight: number, milliseconds: number): Promise<number> {
  const began = performance.now()
  let trips = 0
  await new Promise<void>(resolve => {
    let under = inFlight
    peer.onEcho(() => {
      trips += 1
      if (performance.now() - began < milliseconds) return peer.send()
      if (--under === 0) resolve()
    })
    for (let i = 0; i < inFlight; i++) peer.send()
  })
  peer.onEcho(() => {})
  return trips / (performance.now() - began) * 1e3
}
