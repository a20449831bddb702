import type { Clock, Random } from '../../../kernel/contract/index.js'
import type { MemberRecord } from '../members/member-record.js'
import { encodeSerfMessage } from '../wire/serf-codec.js'
import type { QueryResponse } from '../wire/serf-messages.js'
import { LamportClock } from './lamport-clock.js'

/** Others who carry each answer too, so that one lost packet does not matter. */
const RELAYS = 2
/** Most queries of this node that run at a time. */
const MOST_OPEN = 64

/** A question to all nodes that is under way. */
interface Open {
  readonly from: Set<string>
  answered (response: QueryResponse): void
}

/** Questions of this node to everybody, by Serf's queries. */
export class OwnQueries {
  readonly clock = new LamportClock()
  readonly #open = new Map<string, Open>()

  constructor (
    private readonly me: MemberRecord,
    private readonly wall: Clock,
    private readonly random: Random,
    /** Tells everybody these bytes, this node included. */
    private readonly broadcast: (bytes: Uint8Array) => void,
  ) {
    this.clock.next()
  }

  /**
   * Resolves to what came within `wait` milliseconds, or as soon as `expected` nodes have answered; one answer of each. The
   * signal ends it early.
   */
  ask (name: string, payload: Uint8Array, wait: number, expected: () => number, signal: AbortSignal): Promise<readonly QueryResponse[]> {
    if (this.#open.size >= MOST_OPEN || signal.aborted) return Promise.resolve([])
    const time = this.clock.next()
    const id = Math.floor(this.random.fraction() * 2 ** 32)
    const key = `${time} ${id}`
    const responses: QueryResponse[] = []
    return new Promise(resolve => {
      const finish = (): void => {
        timer.cancel()
        signal.removeEventListener('abort', finish)
        this.#open.delete(key)
        resolve(responses)
      }
      const timer = this.wall.after(wait, finish)
      signal.addEventListener('abort', finish)
      this.#open.set(key, {
        from: new Set(),
        answered: response => {
          responses.push(response)
          if (responses.length >= expected()) finish()
        },
      })
      const { name: sourceNode, host, port } = this.me
      this.broadcast(encodeSerfMessage({
        kind: 'query', time, id, host, port, sourceNode, filters: [], wantsAck: false, noBroadcast: false, relayFactor: RELAYS,
        timeout: wait, name, payload,
      }))
    })
  }

  heard (response: QueryResponse): void {
    const open = this.#open.get(`${response.time} ${response.id}`)
    if (open === undefined || response.isAck || open.from.has(response.from)) return
    open.from.add(response.from)
    open.answered(response)
  }
}
