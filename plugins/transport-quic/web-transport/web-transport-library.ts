
/** What links use of `@fails-components/webtransport` 1.6.8. */
export interface WebTransportLibrary {
  readonly Http2Server: new (settings: ServerSettings) => WebTransportServer
  readonly Http3Server: new (settings: ServerSettings) => WebTransportServer
  readonly WebTransport: new (url: string, settings: ClientSettings) => WebTransportSession
  readonly quicheLoaded: Promise<unknown>
}

interface Windows {
  readonly initialStreamFlowControlWindow: number
  readonly initialSessionFlowControlWindow: number
}

export interface ServerSettings extends Windows {
  readonly port: number
  readonly host: string
  readonly secret: string
  readonly cert: string
  readonly privKey: string
  readonly initialBidirectionalStreams: number
}

export interface ClientSettings extends Windows {
  readonly serverCertificateHashes: ReadonlyArray<{ readonly algorithm: 'sha-256', readonly value: Uint8Array }>
  readonly initialBidirectionalSendStreams: number
  readonly forceReliable?: true
  readonly requireUnreliable?: true
}

export interface WebTransportServer {
  readonly ready: Promise<unknown>
  readonly closed: Promise<unknown>
  startServer (): void
  stopServer (): void
  address (): { readonly port: number } | null
  updateCert (cert: string, key: string, http2only: boolean): void
  sessionStream (path: string): ReadableStream<WebTransportSession>
  setRequestCallback (callback: (request: object) => Promise<object>): void
}

export interface WebTransportSession {
  readonly ready: Promise<unknown>
  readonly closed: Promise<unknown>
  /** `127.0.0.1:40000`, at the side that was dialled. */
  readonly peerAddress?: string | undefined
  readonly incomingBidirectionalStreams: ReadableStream<WebTransportStream>
  createBidirectionalStream (): Promise<WebTransportStream>
  close (): void
}

export interface WebTransportStream {
  readonly readable: ReadableStream<Uint8Array>
  readonly writable: WritableStream<Uint8Array>
}

const NATIVE: string = '@fails-components/webtransport-transport-http3-quiche'

/** Loads the library. `needsHttp3`: rejects where its native part is not installed. */
export async function loadWebTransport (needsHttp3: boolean): Promise<WebTransportLibrary> {
  // The package may be there without what it compiles or downloads: the library would tell nobody, and its servers never answer.
  if (needsHttp3) await import(NATIVE)
  const library: unknown = await quietly(() => import('@fails-components/webtransport'))
  if (!isLibrary(library)) throw new Error('@fails-components/webtransport has another shape than it should')
  return library
}

const isLibrary = (value: unknown): value is WebTransportLibrary => typeof value === 'object' && value !== null
  && ['Http2Server', 'Http3Server', 'WebTransport', 'quicheLoaded'].every(name => name in value)

/** Without its native part the library tells the console about that, as if it were a fault. */
async function quietly (load: () => Promise<{ readonly quicheLoaded: unknown }>): Promise<object> {
  const { log, error } = console
  const isAbout = ([first]: readonly unknown[]): boolean => /http3/.test(String(first))
  Object.assign(console, {
    log: (...words: unknown[]) => { if (!isAbout(words)) log(...words) },
    error: (...words: unknown[]) => { if (!isAbout(words)) error(...words) },
  })
  try {
    const library = await load()
    await library.quicheLoaded
    // The server's half of the library has a promise of its own, which settles with the same import.
    await new Promise(resolve => { setImmediate(resolve) })
    return library
  } finally {
    Object.assign(console, { log, error })
  }
}
