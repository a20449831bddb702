import { connect, createServer, type TLSSocket } from 'node:tls'
import type { AddressInfo } from 'node:net'
import { linkCredentials } from '../../test/support/node-identity.js'
import type { EchoPeer } from './link-echo-client.js'

const optionsFor = (node: string): { key: string, cert: string, ca: string, minVersion: 'TLSv1.3' } => {
  const { key, chain: cert, trust: ca } = linkCredentials(node)
  return { key, cert, ca, minVersion: 'TLSv1.3' }
}

/** What Node does by itself: mutual TLS 1.3, and whatever comes in goes back. */
export async function serveBareEcho (): Promise<number> {
  const server = createServer({ ...optionsFor('node-b'), requestCert: true }, socket => {
    socket.setNoDelay(true).on('data', (chunk: Buffer) => { socket.write(chunk) }).on('error', () => {})
  })
  await new Promise<void>(resolve => { server.listen(0, '127.0.0.1', resolve) })
  return (server.address() as AddressInfo).port
}

export async function openBareEcho (port: number, bytes: number): Promise<EchoPeer> {
  const socket = await new Promise<TLSSocket>((resolve, reject) => {
    const to = { host: '127.0.0.1', port, checkServerIdentity: () => undefined }
    const made = connect({ ...optionsFor('node-a'), ...to }, () => { resolve(made) })
    made.on('error', reject)
  })
  socket.setNoDelay(true)
  const message = Buffer.alloc(bytes)
  let heard = (): void => {}
  let pending = 0
  socket.on('data', (chunk: Buffer) => {
    for (pending += chunk.byteLength; pending >= bytes; pending -= bytes) heard()
  })
  return {
    send: () => { socket.write(message) },
    onEcho: echoed => { heard = echoed },
    close: async () => { socket.destroy() },
  }
}
