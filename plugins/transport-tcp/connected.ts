import type { Socket } from 'node:net'
import type { Clock } from '../../kernel/contract/index.js'
import { troubleIn } from './socket-trouble.js'

/** Resolves when a socket that was told to connect has done so, handshake included, or with the reason why it has not. */
export function connected (socket: Socket, clock: Clock, timeout: number, signal: AbortSignal): Promise<string | undefined> {
  return new Promise(resolve => {
    const leave = (reason: string | undefined): void => {
      timer.cancel()
      signal.removeEventListener('abort', abort)
      socket.off('error', fail).off('close', end).off(ready, succeed)
      if (reason !== undefined) socket.destroy()
      resolve(reason)
    }
    const ready = 'authorized' in socket ? 'secureConnect' : 'connect'
    const succeed = (): void => { leave(undefined) }
    const fail = (error: Error): void => { leave(troubleIn(error)) }
    const end = (): void => { leave('the connection was closed') }
    const abort = (): void => { leave(signal.reason instanceof Error ? signal.reason.message : String(signal.reason)) }
    const timer = clock.after(timeout, () => { leave(`it did not answer within ${timeout} ms`) })
    socket.once(ready, succeed).once('error', fail).once('close', end)
    signal.addEventListener('abort', abort, { once: true })
    if (signal.aborted) abort()
  })
}
