import { create } from '@bufbuild/protobuf'
import {
  AclMessageSchema, FRAME_FLAGS, type Exchange, type Exchanges, type Heard, type Saying, type TraceContext,
} from '../../contract/index.js'
import { conversationText } from '../frames/acl-message.js'
import type { CallerListener } from './caller-listener.js'
import type { Callers } from './callers.js'
import { decodeFrame } from '../frames/frame.js'
import { MessagesStopping } from '../routing-errors.js'

/** Most answers that wait for the reader of one exchange. */
const UNREAD = 10_000
const JSON_TYPE = 'application/json'

/** Opens conversations for code in the main thread, as one of the callers. */
export class CallerExchanges implements Exchanges {
  constructor (private readonly callers: Callers) {}

  open (protocol: string, trace: TraceContext): Exchange {
    return new CallerExchange(this.callers, protocol, trace)
  }
}

class CallerExchange implements Exchange, CallerListener {
  #id = 0n
  /** By handle: an agent that is gone has no name any more. */
  readonly #names = new Map<number, string>()
  readonly #unread: Heard[] = []
  #wake: (() => void) | undefined
  #isClosed = false
  #isStopping = false

  constructor (
    private readonly callers: Callers, private readonly protocol: string, private readonly trace: TraceContext,
  ) {}

  get conversationId (): string {
    return conversationText(this.#id)
  }

  say ({ act, to, content, mediaType = '', replyBy = 0 }: Saying): void {
    const message = create(AclMessageSchema, {
      performative: act, receiver: to, content, mediaType, protocol: this.protocol, replyBy: BigInt(replyBy),
    })
    const { conversation, handle } = this.callers.say(message, this.trace, this.#id)
    this.#names.set(handle, to)
    if (this.#id !== 0n) return
    this.#id = conversation
    this.callers.listen(conversation, this)
  }

  async * heard (signal: AbortSignal): AsyncGenerator<Heard, void, undefined> {
    for (;;) {
      signal.throwIfAborted()
      const next = this.#unread.shift()
      if (next !== undefined) yield next
      else if (this.#isStopping) throw MessagesStopping({})
      else if (this.#isClosed || this.callers.isOver(this.#id)) return
      else await this.#arrival(signal)
    }
  }

  close (): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.callers.hangUp(this.#id)
    this.#wake?.()
  }

  receive (frame: Uint8Array): void {
    if (this.#unread.length >= UNREAD) return
    const { act, sender, content, fields, flags } = decodeFrame(frame)
    this.#unread.push({
      act, content, from: this.#names.get(sender.handle) ?? 'unknown', mediaType: fields.mediaType ?? JSON_TYPE,
      byPlatform: (flags & FRAME_FLAGS.platform) !== 0,
    })
    this.#wake?.()
  }

  stop (): void {
    this.#isStopping = true
    this.#wake?.()
  }

  async #arrival (signal: AbortSignal): Promise<void> {
    await new Promise<void>(resolve => {
      const done = (): void => {
        signal.removeEventListener('abort', done)
        this.#wake = undefined
        resolve()
      }
      signal.addEventListener('abort', done)
      this.#wake = done
    })
  }
}
