import { CommandValueInvalid } from '../command-errors.js'

/** Who is meant when nobody is named. */
export const DEFAULT_SERVER = '127.0.0.1:50051'
const DEFAULT_PORT = 50051

/** Reads the address of a server: `host:port`, `[v6]:port`, or a host alone for port 50051. */
export function serverAddress (text: string): string {
  const [, host, portText] = /^(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::(\d{1,5}))?$/.exec(text) ?? []
  const port = portText === undefined ? DEFAULT_PORT : Number(portText)
  if (host !== undefined && port > 0 && port <= 65535) return `${host}:${port}`
  throw CommandValueInvalid({ what: 'the server\'s address', value: text, expected: 'write host:port, or [v6]:port' })
}
