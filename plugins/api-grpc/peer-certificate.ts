import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'

/**
 * Keeps the certificate that the client showed with its connection. grpc-js asks for it at each call, and Node would take it apart anew.
 * It can't change: TLS 1.3 has no renegotiation, and HTTP/2 forbids that of 1.2 (RFC 9113 §9.2.1).
 */
export function keepPeerCertificate (socket: Socket): void {
  if (!(socket instanceof TLSSocket)) return
  const certificate = socket.getPeerCertificate()
  Object.defineProperty(socket, 'getPeerCertificate', { value: () => certificate })
}
