import { readFile } from 'node:fs/promises'
import { isIP } from 'node:net'
import { configSchema, type ConfigOf } from '../config.js'
import { isLoopback } from '../links/loopback.js'
import { StateConnectionUnprotected, StateFileUnreadable } from './state-errors.js'

/** The keys of every backend that reaches its state over the network. */
export const stateConnectionConfig = configSchema({
  host: { doc: 'Where the database is: a name or an address.', format: 'host', default: '127.0.0.1' },
  password: { doc: 'The password. Better from the environment than from the file.', format: 'secret', default: null },
  tls: {
    doc: 'Whether the connection is encrypted and the database proves who it is. Left out: yes, unless the host is this machine.',
    format: 'boolean', default: null,
  },
  ca: {
    doc: 'Certificates that the database\'s is checked against, in PEM. Left out: those that Node trusts.',
    format: 'path', default: null,
  },
  certificate: { doc: 'A certificate to show to the database, in PEM.', format: 'path', default: null },
  key: { doc: 'The private key of `certificate`, in PEM.', format: 'path', default: null },
  timeout: {
    doc: 'How long a call may take before it is answered with STATE_TIMEOUT.',
    format: 'duration', default: '5s', min: 10, max: 600_000,
  },
})

export type StateConnectionConfig = ConfigOf<typeof stateConnectionConfig>

/** What the TLS of a connection needs, as `node:tls` takes it. */
export interface StateTls {
  /** Whose certificate it must be. */
  readonly host: string
  /** The same, where it is a name. */
  readonly servername?: string
  readonly rejectUnauthorized: true
  readonly ca?: string
  readonly cert?: string
  readonly key?: string
}

/**
 * The TLS that a connection must have; undefined for none. Throws `STATE_CONNECTION_UNPROTECTED` where state would cross a network in the
 * clear, and `STATE_FILE_UNREADABLE`.
 */
export async function stateTls (
  { host, tls = !isLoopback(host), ca, certificate, key }: Omit<StateConnectionConfig, 'password' | 'timeout'>,
): Promise<StateTls | undefined> {
  if (!tls && !isLoopback(host)) throw StateConnectionUnprotected({ host })
  if (!tls) return undefined
  const [trusted, cert, secret] = await Promise.all([ca, certificate, key].map(readIfNamed))
  return {
    host, rejectUnauthorized: true, ...isIP(host) === 0 ? { servername: host } : {},
    ...trusted === undefined ? {} : { ca: trusted }, ...cert === undefined ? {} : { cert }, ...secret === undefined ? {} : { key: secret },
  }
}

async function readIfNamed (file: string | undefined): Promise<string | undefined> {
  if (file === undefined) return undefined
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    throw StateFileUnreadable({ file, reason: error instanceof Error ? error.message : String(error) }, { cause: error })
  }
}
