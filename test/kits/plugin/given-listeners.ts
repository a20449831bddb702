import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import type { Listeners, Listening, ListenRequest } from '../../../kernel/contract/index.js'
import type { Faults } from './faults.js'

/** Ports on this machine, and which of them are open. */
export class GivenListeners implements Listeners {
  readonly #open = new Set<Listening>()

  constructor (private readonly faults: Faults) {}

  async listen (request: ListenRequest, accept: (socket: Socket) => void): Promise<Listening> {
    this.faults.pass('listen')
    const server = createServer({ noDelay: true }, accept)
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen({ host: '127.0.0.1', port: request.port }, () => { resolve() })
    })
    const { port } = server.address() as AddressInfo
    return this.#opened(request, port, server)
  }

  note (request: ListenRequest): Listening {
    this.faults.pass('note')
    return this.#opened(request, request.port, undefined)
  }

  list (): readonly Listening[] {
    return [...this.#open]
  }

  #opened ({ purpose, host }: ListenRequest, port: number, server: Server | undefined): Listening {
    const listening: Listening = {
      purpose, host, port,
      close: async () => {
        this.#open.delete(listening)
        server?.close()
        await new Promise(resolve => { setImmediate(resolve) })
      },
    }
    this.#open.add(listening)
    return listening
  }
}
