import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { createServer } from 'node:net'

/** Below what systems give to connections: such a port could be a connection's before the server has taken it. */
const FIRST = 20_000
const LAST = 32_000
const TRIES = 100

/** A port at `host` that nobody has at the moment, for UDP and TCP. */
export async function freePort (host: string): Promise<number> {
  for (let tried = 0; tried < TRIES; tried++) {
    const port = FIRST + Math.floor(Math.random() * (LAST - FIRST))
    if (await isFree(port, host)) return port
  }
  throw new Error(`no port between ${FIRST} and ${LAST} is free at ${host}`)
}

async function isFree (port: number, host: string): Promise<boolean> {
  const listener = createServer()
  const socket = createSocket('udp4')
  try {
    listener.listen(port, host)
    await once(listener, 'listening')
    socket.bind(port, host)
    await once(socket, 'listening')
    return true
  } catch {
    return false
  } finally {
    await Promise.all([new Promise(resolve => { listener.close(resolve) }), new Promise<void>(resolve => { socket.close(resolve) })])
  }
}
