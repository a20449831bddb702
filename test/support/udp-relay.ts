import { createSocket, type Socket } from 'node:dgram'

/** Carries datagrams on to another port of this machine, for each sender by a socket of its own, until it is told not to. */
export class UdpRelay {
  readonly #near = createSocket('udp4')
  readonly #far = new Map<string, Socket>()
  #isStalled = false
  #isClosed = false

  constructor (private readonly target: number, private readonly host = '127.0.0.1') {}

  async open (): Promise<number> {
    await new Promise<void>(resolve => { this.#near.bind(0, this.host, resolve) })
    this.#near.on('message', (packet, { address, port }) => {
      if (!this.#isStalled) this.#farFor(address, port).send(packet, this.target, this.host)
    })
    return this.#near.address().port
  }

  /** A crash can't be told from a node that stalls: nothing comes any more. */
  cut (): void {
    this.#isStalled = true
  }

  stall (): void {
    this.#isStalled = true
  }

  close (): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#near.close()
    for (const far of this.#far.values()) far.close()
  }

  #farFor (address: string, port: number): Socket {
    const key = `${address}:${port}`
    const known = this.#far.get(key)
    if (known) return known
    const made = createSocket('udp4')
    made.on('message', packet => { if (!this.#isStalled) this.#near.send(packet, port, address) })
    this.#far.set(key, made)
    return made
  }
}
