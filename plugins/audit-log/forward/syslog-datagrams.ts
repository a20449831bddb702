import { createSocket, type Socket } from 'node:dgram'
import { isIPv6 } from 'node:net'
import type { ForwardTarget } from './forwarder.js'
import { syslogMessage, type SyslogSender } from './syslog-message.js'

/** Syslog in datagrams, RFC 5426: one message each, and nobody says whether it came. */
export class SyslogDatagrams implements ForwardTarget {
  readonly name: string
  #socket: Socket | undefined

  constructor (private readonly host: string, private readonly port: number, private readonly sender: SyslogSender) {
    this.name = `syslog ${host}:${port} (udp)`
  }

  send (line: string, event: string): Promise<void> {
    const socket = this.#opened()
    return new Promise((resolve, reject) => {
      socket.send(syslogMessage(line, event, this.sender), this.port, this.host, error => {
        if (error) reject(error)
        else resolve()
      })
    })
  }

  async close (): Promise<void> {
    const socket = this.#socket
    this.#socket = undefined
    if (socket !== undefined) await new Promise<void>(resolve => { socket.close(() => { resolve() }) })
  }

  #opened (): Socket {
    if (this.#socket === undefined) {
      const socket = createSocket(isIPv6(this.host) ? 'udp6' : 'udp4')
      socket.unref()
      // A port that nobody listens on is told here, long after it was sent.
      socket.on('error', () => {})
      this.#socket = socket
    }
    return this.#socket
  }
}
