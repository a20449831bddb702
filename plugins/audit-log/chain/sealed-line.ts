import { hash } from 'node:crypto'

/** Before the first record there is nothing. */
export const NOTHING_BEFORE = '0'.repeat(64)

const BEFORE_HASH = ',"hash":"'
const AFTER_HASH = '"}'
const SEAL_LENGTH = BEFORE_HASH.length + NOTHING_BEFORE.length + AFTER_HASH.length

/** One line of the log, sealed: its hash covers every byte of it and the hash of the line before. */
export interface Sealed {
  /** With its newline. */
  readonly line: string
  readonly hash: string
}

/** Where a log stands. */
export interface Position {
  /** Sequence number of the last record; 0 before the first. */
  readonly seq: number
  /** Its hash: 64 lower-case hexadecimal digits. */
  readonly hash: string
}

/** What a record says, in the order in which it is written, after its sequence number and its time. */
export type RecordBody = Readonly<Record<string, unknown>>

/** The text of a record without its end. What follows (a signature, the hash) is added to it. `time`: ISO 8601. */
export const openText = (seq: number, time: string, body: RecordBody): string =>
  `{"seq":${seq},"time":"${time}",${JSON.stringify(body).slice(1, -1)}`

/** Ends the text that {@link openText} began. `previous` is the hash of the record before. */
export function seal (previous: string, text: string): Sealed {
  const own = hash('sha256', previous + text, 'hex')
  return { line: `${text}${BEFORE_HASH}${own}${AFTER_HASH}\n`, hash: own }
}

/** A line that was taken apart. */
export interface Opened {
  /** Everything that the hash covers. */
  readonly covered: Uint8Array
  readonly hash: string
  readonly body: RecordBody & { readonly seq: number, readonly event: string, readonly time: string }
}

/** Takes a line (without newline) apart; undefined if it is no record. Whether its hash is right is {@link isSealedAfter}. */
export function openLine (line: Uint8Array): Opened | undefined {
  const bytes = Buffer.from(line.buffer, line.byteOffset, line.byteLength)
  if (bytes.length <= SEAL_LENGTH) return undefined
  const covered = bytes.subarray(0, bytes.length - SEAL_LENGTH)
  const end = bytes.subarray(bytes.length - SEAL_LENGTH).toString('latin1')
  const own = end.slice(BEFORE_HASH.length, -AFTER_HASH.length)
  if (!end.startsWith(BEFORE_HASH) || !end.endsWith(AFTER_HASH) || !/^[0-9a-f]{64}$/.test(own)) return undefined
  const body = bodyOf(`${covered.toString('utf8')}}`)
  return body === undefined ? undefined : { covered, hash: own, body }
}

/** Whether a line follows the record that has this hash, and is as it was written. */
export const isSealedAfter = (previous: string, { covered, hash: own }: Opened): boolean =>
  hash('sha256', Buffer.concat([Buffer.from(previous), covered]), 'hex') === own

/** The part of a signed record that its signature covers, after the hash of the record before. */
export function signedPart (previous: string, { covered, body }: Opened): Uint8Array | undefined {
  if (typeof body['signature'] !== 'string') return undefined
  const end = `,"signature":"${body['signature']}"`
  const text = Buffer.from(covered)
  if (text.subarray(-end.length).toString('latin1') !== end) return undefined
  return toSign(previous, text.subarray(0, -end.length))
}

/** What is signed of a record: the hash before it, and its text so far. */
export const toSign = (previous: string, text: string | Uint8Array): Uint8Array => Buffer.concat([Buffer.from(previous), Buffer.from(text)])

function bodyOf (text: string): Opened['body'] | undefined {
  try {
    const body: unknown = JSON.parse(text)
    return isBody(body) ? body : undefined
  } catch {
    return undefined
  }
}

function isBody (body: unknown): body is Opened['body'] {
  return typeof body === 'object' && body !== null && 'seq' in body && Number.isSafeInteger(body.seq)
    && 'event' in body && typeof body.event === 'string' && 'time' in body && typeof body.time === 'string'
}
