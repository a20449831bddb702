import { setTimeout } from 'node:timers/promises'
import type { AclMessage, StatusResponse } from '../../kernel/contract/index.js'
import type { ServerClient } from './server-client.js'

/** What neighbours and the API noticed of an attack. Times in milliseconds. */
export interface Noticed {
  readonly asks: number
  readonly statuses: number
  readonly slowestAsk: number
  readonly slowestStatus: number
  /** What was not answered as it should have been. */
  readonly failures: readonly string[]
}

const BETWEEN_ASKS = 4
const BETWEEN_STATUSES = 25

/** Asks a neighbour and the API without a pause, as long as `attack` takes. */
export async function during (client: ServerClient, neighbour: string, attack: () => Promise<void>): Promise<Noticed> {
  const watched = new AbortController()
  const failures: string[] = []
  const round = (count: number): Uint8Array => Buffer.from(`{"round":${count}}`)
  const asking = repeat(watched.signal, BETWEEN_ASKS, failures, async count => {
    const answer = await client.ask(neighbour, { content: round(count) })
    if (isEcho(answer, round(count))) return
    failures.push(`${neighbour} answered ${answer.performative} ${Buffer.from(answer.content).toString()}`)
  })
  const looking = repeat(watched.signal, BETWEEN_STATUSES, failures, async () => {
    const status = await client.status()
    if (!isWell(status)) failures.push(`the server is ${status.health}`)
  })
  try {
    await attack()
  } finally {
    watched.abort()
  }
  const [asks, statuses] = [await asking, await looking]
  return { asks: asks.count, statuses: statuses.count, slowestAsk: asks.slowest, slowestStatus: statuses.slowest, failures }
}

const isEcho = ({ performative, content }: AclMessage, sent: Uint8Array): boolean =>
  performative === 'inform' && Buffer.from(content).equals(sent)

const isWell = ({ health }: StatusResponse): boolean => health === 'ready'

async function repeat (
  signal: AbortSignal, pause: number, failures: string[], work: (count: number) => Promise<void>,
): Promise<{ count: number, slowest: number }> {
  let [count, slowest] = [0, 0]
  do {
    const began = performance.now()
    try {
      await work(count)
    } catch (error) {
      failures.push(String(error))
    }
    slowest = Math.max(slowest, performance.now() - began)
    count += 1
    await setTimeout(pause)
  } while (!signal.aborted)
  return { count, slowest: Math.round(slowest * 10) / 10 }
}
