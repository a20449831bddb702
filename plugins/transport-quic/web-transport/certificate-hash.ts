import { createHash } from 'node:crypto'
import { connect } from 'node:tls'

/**
 * SHA-256 of the certificate that a server shows. Whether it is the right one is seen later: the node on the other side signs the hash
 * of its own, and somebody in between would have another.
 */
export function certificateHash (host: string, port: number, signal: AbortSignal): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, rejectUnauthorized: false, minVersion: 'TLSv1.3', ALPNProtocols: ['h2'] }, () => {
      const raw = socket.getPeerX509Certificate()?.raw
      leave(raw ? undefined : new Error('it shows no certificate'))
      if (raw) resolve(createHash('sha256').update(raw).digest())
    })
    const leave = (error: Error | undefined): void => {
      signal.removeEventListener('abort', abort)
      socket.destroy()
      if (error) reject(error)
    }
    const abort = (): void => { leave(signal.reason instanceof Error ? signal.reason : new Error(String(signal.reason))) }
    signal.addEventListener('abort', abort, { once: true })
    socket.on('error', (error: NodeJS.ErrnoException) => {
      leave(new Error(error.code === 'ECONNREFUSED' ? 'nobody listens there' : error.message))
    })
  })
}
