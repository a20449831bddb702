import type { Clock, Wire, WireReceiver } from '../../../kernel/contract/index.js'
import type { WebTransportSession, WebTransportStream } from './web-transport-library.js'

/** A wire over the one stream of a WebTransport session. */
export class WebTransportWire implements Wire {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>
  #receiver: WireReceiver | undefined

  constructor (
    readonly remote: string,
    private readonly session: WebTransportSession,
    stream: WebTransportStream,
    private readonly clock: Clock,
    private readonly onEnded: () => void,
  ) {
    this.#reader = stream.readable.getReader()
    this.#writer = stream.writable.getWriter()
    // The read loop tells of every end; nobody else waits for these.
    for (const end of [this.#reader.closed, this.#writer.closed, this.#writer.ready, session.closed]) end.catch(() => {})
  }

  open (receiver: WireReceiver): void {
    this.#receiver = receiver
    void this.#read(receiver)
    const end = (): void => { this.#end('the connection was lost') }
    this.session.closed.then(end, end)
  }

  /**
   * The library keeps what it is given until it has gone: so it gets a copy. And it gets it in the next turn, because over HTTP/2 its
   * client does not notice (in version 1.6.8) that its connection is reset in the very turn in which it writes, and stays for ever.
   */
  write (parts: readonly Uint8Array[], written: () => void): void {
    this.clock.after(0, () => {
      this.#writer.write(Buffer.concat(parts)).then(
        () => { if (this.#receiver) written() },
        () => { this.#end('the connection was lost') })
    })
  }

  /** The end of the other side's stream, or of the session, tells that all has arrived there. */
  end (): void {
    this.#writer.close().catch(() => { this.#end('the connection was lost') })
  }

  destroy (): void {
    if (this.#receiver) this.#end('the connection was closed')
    else this.#drop()
  }

  async #read (receiver: WireReceiver): Promise<void> {
    let reason = 'the connection was closed'
    try {
      for (let next = await this.#reader.read(); !next.done && this.#receiver; next = await this.#reader.read()) {
        receiver.bytes(next.value)
      }
    } catch {
      reason = 'the connection was lost'
    }
    this.#end(reason)
  }

  #end (reason: string): void {
    const receiver = this.#receiver
    if (receiver === undefined) return
    this.#receiver = undefined
    this.#drop()
    receiver.ended(reason)
  }

  #drop (): void {
    closeSession(this.session)
    this.onEnded()
  }
}

/** Closing what is closed is an error to the library. */
export function closeSession (session: WebTransportSession): void {
  session.ready.catch(() => {})
  session.closed.catch(() => {})
  try {
    session.close()
  } catch {
    // It is.
  }
}
