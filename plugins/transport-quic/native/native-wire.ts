import type { Wire, WireReceiver } from '../../../kernel/contract/index.js'
import type { NativeConnection, NativeStream } from './native-quic.js'

/** Most bytes of one read. */
const READ = 64 * 1024

/** A wire over the one stream of a native connection. */
export class NativeWire implements Wire {
  #receiver: WireReceiver | undefined

  constructor (
    readonly remote: string,
    private readonly connection: NativeConnection,
    private readonly stream: NativeStream,
    private readonly onEnded: () => void,
  ) {}

  open (receiver: WireReceiver): void {
    this.#receiver = receiver
    void this.#read(receiver)
  }

  write (parts: readonly Uint8Array[], written: () => void): void {
    const [only] = parts
    this.stream.write(parts.length === 1 && only ? only : Buffer.concat(parts)).then(
      () => { if (this.#receiver) written() },
      () => { this.#end('the connection was lost') })
  }

  /** The end of the other side's stream, or of the connection, tells that all has arrived there. */
  end (): void {
    this.stream.finishWrite().catch(() => { this.#end('the connection was lost') })
  }

  destroy (): void {
    if (this.#receiver) this.#end('the connection was closed')
    else this.#drop()
  }

  async #read (receiver: WireReceiver): Promise<void> {
    let reason = 'the connection was closed'
    try {
      for (let chunk = await this.stream.read(READ); chunk && this.#receiver; chunk = await this.stream.read(READ)) {
        receiver.bytes(chunk)
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
    this.connection.abort()
    this.onEnded()
  }
}
