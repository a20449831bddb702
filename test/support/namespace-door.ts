import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { fileURLToPath } from 'node:url'

const PROCESS = fileURLToPath(new URL('./namespace-door-process.js', import.meta.url))

/** A port of this process that leads to a port on the loopback of another network namespace, by way of a socket file. */
export class NamespaceDoor {
  readonly #sockets = new Set<Socket>()
  #process: ChildProcess | undefined
  #server: Server | undefined

  /** `under`: words before a program that runs there. Resolves to the address to be dialled. */
  async open (under: readonly string[], file: string, port: string): Promise<string> {
    const [program, ...words] = [...under, process.execPath, PROCESS, file, port]
    const child = this.#process = spawn(program, words, { stdio: ['ignore', 'pipe', 'inherit'] })
    await once(child.stdout ?? child, 'data')
    const server = this.#server = createServer(near => {
      const far = connect(file)
      for (const [one, other] of [[near, far], [far, near]] as const) {
        this.#sockets.add(one)
        one.pipe(other)
        one.on('error', () => { other.destroy() })
        one.once('close', () => { this.#sockets.delete(one) })
      }
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return `127.0.0.1:${(server.address() as AddressInfo).port}`
  }

  async close (): Promise<void> {
    this.#server?.close()
    for (const socket of this.#sockets) socket.destroy()
    const child = this.#process
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGKILL')
    await once(child, 'close')
  }
}
