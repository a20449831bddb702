import { CommandValueInvalid } from '../command-errors.js'

const MILLISECONDS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }
const BYTES: Readonly<Record<string, number>> = {
  '': 1, B: 1, kB: 1e3, KB: 1e3, MB: 1e6, GB: 1e9, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30,
}
const LONGEST_WAIT = 0xffff_ffff

/** Reads a duration as the configuration writes it (`250ms`, `5s`, `2m`) → milliseconds, at most 2³² − 1. `what` names it in the error. */
export function duration (what: string, text: string): number {
  const value = scaled(text, MILLISECONDS)
  if (value !== undefined && value <= LONGEST_WAIT) return value
  throw CommandValueInvalid({ what, value: text, expected: 'write a number with ms, s, m, h or d, such as 30s' })
}

/** Reads a size as the configuration writes it (`64KiB`, `16MiB`, `4096`) → bytes. */
export function bytes (what: string, text: string): number {
  const value = scaled(text, BYTES)
  if (value !== undefined) return value
  throw CommandValueInvalid({ what, value: text, expected: 'write a number of bytes, or one with KiB, MiB, GiB, kB, MB or GB' })
}

function scaled (text: string, units: Readonly<Record<string, number>>): number | undefined {
  const [, digits, unit = ''] = /^(\d+(?:\.\d+)?)([A-Za-z]*)$/.exec(text) ?? []
  if (digits === undefined || !Object.hasOwn(units, unit)) return undefined
  const value = Number(digits) * (units[unit] ?? NaN)
  return Number.isSafeInteger(value) ? value : undefined
}

/** Reads a whole number between `least` and `most`. */
export function wholeNumber (what: string, text: string, least: number, most: number): number {
  const value = Number(text)
  if (/^\d+$/.test(text) && value >= least && value <= most) return value
  throw CommandValueInvalid({ what, value: text, expected: `write a whole number from ${least} to ${most}` })
}

const DEFAULT_PORT = 50051

/** Reads the address of a server: `host:port`, `[v6]:port`, or a host alone for port 50051. */
export function serverAddress (text: string): string {
  const [, host, portText] = /^(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::(\d{1,5}))?$/.exec(text) ?? []
  const port = portText === undefined ? DEFAULT_PORT : Number(portText)
  if (host !== undefined && port > 0 && port <= 65535) return `${host}:${port}`
  throw CommandValueInvalid({ what: 'the server\'s address', value: text, expected: 'write host:port, or [v6]:port' })
}
