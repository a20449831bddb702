import type { Clock } from '../../../kernel/contract/index.js'
import type { Address, Network, Stream, StreamEvents } from '../network/network.js'
import type { StreamMessage } from '../wire/messages.js'
import { LIMITS } from '../wire/limits.js'
import type { Refusal } from '../wire/refusal.js'
import type { StreamCodec } from '../wire/stream-codec.js'
import { StreamBudget } from './stream-budget.js'

const CLOSED = 'it closed the connection without an answer; perhaps it has another key or label'
const STOPPED = new Error('this node takes no part any more')
/** Most connections that others have open to this node at once; further ones are closed. */
const MOST_INCOMING = 128
/** Bytes that all of these together hold of messages that are not whole yet: the longest message, and room for usual ones. */
const MOST_HELD = LIMITS.stream + 24 * 2 ** 20

export interface ExchangeHooks {
  /** What is answered to the first message of a connection; undefined for nothing. */
  answer (message: StreamMessage, from: Address): StreamMessage | undefined
  /** Something else than the protocol, or without our key, came over a connection. */
  refused (from: Address, refusal: Refusal): void
}

/** Questions over connections of their own, one each (memberlist §4). */
export class Exchanges {
  readonly #incoming = new Set<Stream>()
  readonly #budget: StreamBudget
  readonly #asking = new Set<(reason: unknown) => void>()
  #isStopped = false

  constructor (
    private readonly network: Network,
    private readonly codec: StreamCodec,
    private readonly clock: Clock,
    /** How long a whole exchange may take, in milliseconds. */
    private readonly timeout: number,
    private readonly hooks: ExchangeHooks,
    /** Bytes that connections of others hold together. */
    mostHeld = MOST_HELD,
  ) {
    this.#budget = new StreamBudget(mostHeld)
  }

  stop (): void {
    this.#isStopped = true
    for (const end of this.#asking) end(STOPPED)
    for (const stream of this.#incoming) stream.destroy()
    this.#incoming.clear()
  }

  /** Waits at most `wait` milliseconds. Rejects with an error that says why in plain words. */
  async ask (to: Address, message: StreamMessage, wait = this.timeout, signal?: AbortSignal): Promise<StreamMessage> {
    const ended = new AbortController()
    const end = (reason: unknown): void => { ended.abort(reason instanceof Error ? reason : new Error('it was called off')) }
    const called = (): void => { end(signal?.reason) }
    const timer = this.clock.after(wait, () => { end(new Error(`no answer within ${wait} ms`)) })
    signal?.addEventListener('abort', called)
    this.#asking.add(end)
    if (signal?.aborted) called()
    if (this.#isStopped) end(STOPPED)
    try {
      return await this.#ask(to, message, ended.signal)
    } finally {
      timer.cancel()
      signal?.removeEventListener('abort', called)
      this.#asking.delete(end)
    }
  }

  /** For the network: another node opened a connection. */
  accept (stream: Stream): StreamEvents {
    const nothing: StreamEvents = { bytes: () => {}, closed: () => {} }
    if (this.#isStopped) {
      stream.destroy()
      return nothing
    }
    if (this.#incoming.size >= MOST_INCOMING) {
      this.#refuse(stream, { reason: 'too-many', detail: `it is one connection more than the ${MOST_INCOMING} that may be open` })
      return nothing
    }
    this.#incoming.add(stream)
    const reader = this.codec.reader('acceptor')
    let isOver = false
    const over = (refusal?: Refusal): void => {
      if (isOver) return
      isOver = true
      share.hold(0)
      reader.end()
      if (refusal !== undefined) this.#refuse(stream, refusal)
    }
    const share = this.#budget.share(() => { over({ reason: 'too-much', detail: 'all connections together hold too much' }) })
    const timer = this.clock.after(this.timeout, () => {
      over({ reason: 'too-slow', detail: `its message was not whole after ${this.timeout} ms` })
      stream.destroy()
    })
    return {
      bytes: bytes => {
        if (isOver) return
        const reading = reader.push(bytes)
        if (reading.kind === 'waiting') return share.hold(reader.held)
        over(reading.kind === 'refused' ? reading.refusal : undefined)
        if (reading.kind === 'message') this.#answer(stream, reading.message)
      },
      closed: () => {
        timer.cancel()
        over()
        this.#incoming.delete(stream)
        stream.destroy()
      },
    }
  }

  #ask (to: Address, message: StreamMessage, signal: AbortSignal): Promise<StreamMessage> {
    signal.throwIfAborted()
    return new Promise((resolve, reject) => {
      const reader = this.codec.reader('dialer')
      let stream: Stream | undefined
      const settle = (result: StreamMessage | Error): void => {
        signal.removeEventListener('abort', aborted)
        stream?.destroy()
        if (result instanceof Error) reject(result)
        else resolve(result)
      }
      const aborted = (): void => { settle(signal.reason instanceof Error ? signal.reason : new Error('it was called off')) }
      signal.addEventListener('abort', aborted)
      const events: StreamEvents = {
        bytes: bytes => {
          const reading = reader.push(bytes)
          if (reading.kind === 'message') settle(reading.message)
          else if (reading.kind === 'refused') settle(this.#refusedAnswer(to, reading.refusal))
        },
        closed: reason => { settle(new Error(reason ?? CLOSED)) },
      }
      this.network.dial(to, events, signal).then(opened => {
        stream = opened
        if (signal.aborted) opened.destroy()
        else opened.write(this.codec.encode(message, 'dialer'))
      }, (error: unknown) => { settle(error instanceof Error ? error : new Error(String(error))) })
    })
  }

  #refusedAnswer (to: Address, refusal: Refusal): Error {
    this.hooks.refused(to, refusal)
    return new Error(`its answer can't be taken: ${refusal.detail}`)
  }

  #answer (stream: Stream, message: StreamMessage): void {
    const answer = this.hooks.answer(message, stream.peer)
    if (answer !== undefined) stream.write(this.codec.encode(answer, 'acceptor'))
    stream.end()
  }

  #refuse (stream: Stream, refusal: Refusal): void {
    this.hooks.refused(stream.peer, refusal)
    stream.destroy()
  }
}
