import type { Clock, Logger, Timer } from '../../../kernel/contract/index.js'
import type { Channel, ChannelServer, DriverSettings, OpenTcp, QuicDriver, QuicDriverName } from '../quic-driver.js'
import { certificateHash } from './certificate-hash.js'
import { HashTeller } from './hash-teller.js'
import { makeShortCertificate, SHORT_LIFE, type ShortCertificate } from './short-certificate.js'
import {
  loadWebTransport, type WebTransportLibrary, type WebTransportServer, type WebTransportSession, type WebTransportStream,
} from './web-transport-library.js'
import { closeSession, WebTransportWire } from './web-transport-wire.js'

const PATH = '/caxton-link'
/**
 * Against three faults of version 1.6.8 over HTTP/2: a session stalls after its first window, unless there is a request callback and the
 * windows are large; streams are never given back, so that there must be plenty; and each leaks, so that a link has one for its life.
 */
const WINDOWS = { initialStreamFlowControlWindow: 16 * 2 ** 20, initialSessionFlowControlWindow: 16 * 2 ** 20 }
/** How long open connections may keep a server that stops, in milliseconds. */
const FAREWELL = 500
const PLENTY_OF_STREAMS = 1_000_000

/** Rejects where it is not installed. */
export async function loadWebTransportDriver (
  overHttp3: boolean,
): Promise<(settings: DriverSettings, clock: Clock, log: Logger) => QuicDriver> {
  const library = await loadWebTransport(overHttp3)
  return (settings, clock, log) => new WebTransportDriver(library, overHttp3, settings, clock, log)
}

/**
 * WebTransport over HTTP/3, or over HTTP/2. Its server has a short-lived certificate of its own, whose hash the dialler asks for by TLS
 * on the same port of TCP and pins: the hash is the channel that both nodes sign.
 */
class WebTransportDriver implements QuicDriver {
  readonly name: QuicDriverName
  readonly #sessions = new Set<WebTransportSession>()
  readonly #closing: Array<() => Promise<void>> = []

  constructor (
    private readonly library: WebTransportLibrary,
    private readonly overHttp3: boolean,
    private readonly settings: DriverSettings,
    private readonly clock: Clock,
    private readonly log: Logger,
  ) {
    this.name = overHttp3 ? 'webtransport-h3' : 'webtransport-h2'
  }

  async serve (host: string, port: number, accept: (channel: Channel) => void, openTcp: OpenTcp): Promise<ChannelServer> {
    let current = await makeShortCertificate(this.clock.now())
    const teller = this.overHttp3 ? new HashTeller(current) : undefined
    const telling = teller && await openTcp(port, teller.accept)
    const chosen = telling?.port ?? port
    const server = this.#server(host, chosen, current)
    void this.#acceptAll(server, () => current.hash, accept)
    server.startServer()
    await server.ready
    let renewal: Timer | undefined
    const renew = async (): Promise<void> => {
      renewal = this.clock.after(SHORT_LIFE / 2, () => { void renew() })
      try {
        current = await makeShortCertificate(this.clock.now())
        server.updateCert(current.certificate, current.key, !this.overHttp3)
        teller?.renew(current)
      } catch (error) {
        this.log.error('the certificate for WebTransport could not be renewed', { error })
      }
    }
    renewal = this.clock.after(SHORT_LIFE / 2, () => { void renew() })
    const close = async (): Promise<void> => {
      renewal?.cancel()
      await telling?.close()
      server.stopServer()
      await this.#within(FAREWELL, server.closed)
    }
    const closeOnce = once(close)
    this.#closing.push(closeOnce)
    return { port: server.address()?.port ?? chosen, close: closeOnce }
  }

  async dial (host: string, port: number, signal: AbortSignal): Promise<Channel> {
    const hash = await certificateHash(host, port, signal)
    const reliability = this.overHttp3 ? { requireUnreliable: true as const } : { forceReliable: true as const }
    const session = new this.library.WebTransport(`https://${host.includes(':') ? `[${host}]` : host}:${port}${PATH}`, {
      ...WINDOWS, ...reliability, initialBidirectionalSendStreams: PLENTY_OF_STREAMS,
      serverCertificateHashes: [{ algorithm: 'sha-256', value: hash }],
    })
    this.#sessions.add(session)
    session.closed.catch(() => {})
    const abort = (): void => { this.#drop(session) }
    signal.addEventListener('abort', abort, { once: true })
    try {
      await session.ready
      signal.throwIfAborted()
      return this.#channel(session, await session.createBidirectionalStream(), hash, host, `${host}:${port}`)
    } catch (error) {
      this.#drop(session)
      throw error
    } finally {
      signal.removeEventListener('abort', abort)
    }
  }

  async stop (): Promise<void> {
    for (const session of this.#sessions) this.#drop(session)
    await Promise.all(this.#closing.map(close => close()))
  }

  /** The server waits for connections whose peers may have stopped, and has no way to end them. */
  async #within (milliseconds: number, promise: Promise<unknown>): Promise<void> {
    let timer: Timer | undefined
    const late = new Promise<void>(resolve => { timer = this.clock.after(milliseconds, resolve) })
    await Promise.race([promise, late])
    timer?.cancel()
  }

  #server (host: string, port: number, { certificate, key }: ShortCertificate): WebTransportServer {
    const { Http2Server, Http3Server } = this.library
    const server = new (this.overHttp3 ? Http3Server : Http2Server)({
      ...WINDOWS, host, port, secret: key, cert: certificate, privKey: key, initialBidirectionalStreams: PLENTY_OF_STREAMS,
    })
    server.setRequestCallback(async () => ({ status: 200, path: PATH, userData: {} }))
    return server
  }

  async #acceptAll (server: WebTransportServer, hash: () => Uint8Array, accept: (channel: Channel) => void): Promise<void> {
    const sessions = server.sessionStream(PATH).getReader()
    try {
      for (let next = await sessions.read(); !next.done; next = await sessions.read()) void this.#accept(next.value, hash(), accept)
    } catch (error) {
      this.log.debug('WebTransport takes no more sessions', { error })
    }
  }

  /** A session counts when its stream has begun. */
  async #accept (session: WebTransportSession, hash: Uint8Array, accept: (channel: Channel) => void): Promise<void> {
    this.#sessions.add(session)
    session.closed.catch(() => {})
    const timer = this.clock.after(this.settings.connect_timeout, () => { this.#drop(session) })
    try {
      await session.ready
      const { value: stream } = await session.incomingBidirectionalStreams.getReader().read()
      if (!stream) throw new Error('the session has ended')
      const remote = session.peerAddress ?? ''
      accept(this.#channel(session, stream, hash, remote.slice(0, remote.lastIndexOf(':')).replace(/^\[|\]$/g, ''), remote))
    } catch {
      this.#drop(session)
    } finally {
      timer.cancel()
    }
  }

  #channel (session: WebTransportSession, stream: WebTransportStream, hash: Uint8Array, address: string, remote: string): Channel {
    const forget = (): void => { this.#sessions.delete(session) }
    return { wire: new WebTransportWire(remote, session, stream, this.clock, forget), identity: hash, address }
  }

  #drop (session: WebTransportSession): void {
    this.#sessions.delete(session)
    closeSession(session)
  }
}

/** Does it once, however often it is asked to. */
function once (action: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined
  return () => done ??= action()
}
