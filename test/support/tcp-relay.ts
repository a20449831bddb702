import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

/** Carries TCP connections on to another port of this machine, until it is told to cut or to hold them. */
export class TcpRelay {
  readonly #sockets = new Set<Socket>()
  readonly #server = createServer(socket => { this.#join(socket) })
  #isStalled = false

  constructor (private readonly target: number, private readonly host = '127.0.0.1') {}

  async open (): Promise<number> {
    await new Promise<void>(resolve => { this.#server.listen(0, this.host, resolve) })
    return (this.#server.address() as AddressInfo).port
  }

  /** Ends every connection, as a crash would. */
  cut (): void {
    for (const socket of this.#sockets) socket.resetAndDestroy()
  }

  /** Reads nothing more, as a process that was stopped. */
  stall (): void {
    this.#isStalled = true
    for (const socket of this.#sockets) socket.pause()
  }

  close (): void {
    this.#server.close()
    for (const socket of this.#sockets) socket.destroy()
  }

  #join (near: Socket): void {
    const far = connect({ host: this.host, port: this.target })
    for (const [from, to] of [[near, far], [far, near]] as const) {
      this.#sockets.add(from)
      from.setNoDelay(true)
      from.on('data', chunk => {
        if (to.write(chunk)) return
        from.pause()
        to.once('drain', () => { if (!this.#isStalled) from.resume() })
      })
      from.on('end', () => { to.end() })
      from.on('error', () => { to.destroy() })
      from.on('close', () => {
        this.#sockets.delete(from)
        if (from.errored) to.destroy()
      })
      if (this.#isStalled) from.pause()
    }
  }
}
