import { connect, type Socket } from 'node:net'
import type { Clock } from '../../../kernel/contract/index.js'
import type { ForwardTarget } from './forwarder.js'
import { syslogMessage, type SyslogSender } from './syslog-message.js'

/** How long it may take to connect, and to take one message, in milliseconds. */
const LONGEST = 5_000
/** How long nobody is asked again who could not be reached. */
const PAUSE = 1_000

/** Syslog on a connection, each message behind its length (RFC 6587 §3.4.1). Connects when there is something to send. */
export class SyslogConnection implements ForwardTarget {
  readonly name: string
  #socket: Socket | undefined
  #notBefore = -Infinity

  constructor (
    private readonly host: string, private readonly port: number, private readonly sender: SyslogSender, private readonly clock: Clock,
  ) {
    this.name = `syslog ${host}:${port} (tcp)`
  }

  async send (line: string, event: string): Promise<void> {
    const socket = this.#socket ?? await this.#connect()
    const message = Buffer.from(syslogMessage(line, event, this.sender))
    await this.#within(socket, done => { socket.write(Buffer.concat([Buffer.from(`${message.length} `), message]), done) })
  }

  async close (): Promise<void> {
    const socket = this.#socket
    if (socket !== undefined) await this.#within(socket, done => { socket.end(() => { done() }) }).catch(() => {})
    socket?.destroy()
  }

  async #connect (): Promise<Socket> {
    if (this.clock.elapsed() < this.#notBefore) throw new Error('nobody took the last one')
    this.#notBefore = this.clock.elapsed() + PAUSE
    const socket = connect({ host: this.host, port: this.port })
    socket.unref()
    // What follows is its end, which is waited for.
    socket.on('error', () => {})
    socket.once('close', () => { if (this.#socket === socket) this.#socket = undefined })
    await this.#within(socket, done => { socket.once('connect', () => { done() }) })
    socket.resume()
    this.#socket = socket
    this.#notBefore = -Infinity
    return socket
  }

  /** Rejects, and gives the connection up, when it fails or takes too long. */
  #within (socket: Socket, work: (done: (error?: Error | null) => void) => void): Promise<void> {
    return new Promise((resolve, reject) => {
      const done = (error?: Error | null): void => {
        timer.cancel()
        socket.off('close', gone)
        if (error) reject(error)
        else resolve()
      }
      const gone = (): void => { done(new Error('the connection was lost')) }
      const timer = this.clock.after(LONGEST, () => {
        socket.destroy()
        done(new Error('it takes too long'))
      })
      socket.once('close', gone)
      work(done)
    })
  }
}
