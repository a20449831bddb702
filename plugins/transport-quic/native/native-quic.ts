import { createRequire } from 'node:module'

/**
 * The native part of `@chainsafe/libp2p-quic`, version 2.1.1, used by itself: its JavaScript brings libp2p, which links have no use for.
 * It is no documented interface, so its version is pinned.
 */
export interface NativeQuic {
  readonly QuinnConfig: new (settings: NativeSettings) => NativeConfig
  readonly Server: new (config: NativeConfig, host: string, port: number) => NativeServer
  /** Family 0 is IPv4, 1 is IPv6. */
  readonly Client: new (config: NativeConfig, family: number) => NativeClient
}

/** Times in milliseconds, sizes in bytes. */
export interface NativeSettings {
  readonly privateKeyProto: Uint8Array
  readonly handshakeTimeout: number
  readonly maxIdleTimeout: number
  readonly keepAliveInterval: number
  readonly maxConcurrentStreamLimit: number
  readonly maxStreamData: number
  readonly maxConnectionData: number
  readonly receiveBufferSize: number
  readonly sendBufferSize: number
}

export type NativeConfig = object

export interface NativeServer {
  port (): number
  inboundConnection (): Promise<NativeConnection>
  abort (): Promise<void>
}

export interface NativeClient {
  outboundConnection (host: string, port: number): Promise<NativeConnection>
  abort (): void
}

export interface NativeConnection {
  /** `/ip4/127.0.0.1/udp/7948/quic-v1/p2p/12D3Koo...`; the last part is proven by the handshake. */
  remoteMultiaddr (): string
  outboundStream (): Promise<NativeStream>
  /** Resolves when the other side has sent something on a new stream. */
  inboundStream (): Promise<NativeStream>
  /** Ends the connection at once; nothing that waits is sent. */
  abort (): void
}

export interface NativeStream {
  /** At most that many bytes; null at the end. */
  read (most: number): Promise<Uint8Array | null>
  /** Reads the bytes until it resolves, which it does when they are on their way or in its buffer. */
  write (bytes: Uint8Array): Promise<void>
  finishWrite (): Promise<void>
}

/** Throws if there is none for this machine. */
export function loadNativeQuic (): NativeQuic {
  return createRequire(import.meta.url)(`@chainsafe/libp2p-quic-${platformWord()}`) as NativeQuic
}

function platformWord (): string {
  const { platform, arch } = process
  if (platform === 'win32') return `win32-${arch}-msvc`
  if (platform !== 'linux') return `${platform}-${arch}`
  const { header } = process.report.getReport() as { readonly header?: { readonly glibcVersionRuntime?: string } }
  return `linux-${arch}-${header?.glibcVersionRuntime === undefined ? 'musl' : 'gnu'}`
}
