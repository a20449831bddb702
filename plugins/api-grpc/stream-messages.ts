import type { Readable } from 'node:stream'

/**
 * The messages of a stream, one after the other, until it ends; rejects when it breaks off. The stream is left as it is afterwards. Of a
 * stream of two messages Node's own iterator makes so much that an upload took 2 % longer until its agent answered.
 */
export async function * messagesOf (stream: Readable): AsyncGenerator<Buffer> {
  let stir = (): void => {}
  let over: { readonly cause: Error | undefined } | undefined
  const end = (cause?: Error): void => {
    over ??= { cause }
    stir()
  }
  stream.on('readable', () => { stir() })
  stream.once('end', () => { end() })
  stream.once('close', () => { end(new Error('the stream broke off')) })
  stream.on('error', end)
  for (;;) {
    const message: unknown = stream.read()
    if (Buffer.isBuffer(message)) yield message
    else if (over === undefined) await new Promise<void>(resolve => { stir = resolve })
    else if (over.cause === undefined) return
    else throw over.cause
  }
}
