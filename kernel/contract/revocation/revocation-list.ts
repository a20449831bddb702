import { verify, type KeyObject } from 'node:crypto'
import { DerReader, TAG, type DerValue } from './der-reader.js'

/** A list of revoked certificates, RFC 5280 §5. */
export interface RevocationList {
  /** When it was made, and when the next one was promised, in milliseconds since the Unix epoch. */
  readonly from: number
  readonly until: number
  /** When each certificate was revoked, by its serial number as {@link serialText} writes it. */
  readonly revoked: ReadonlyMap<string, number>
  /** Whether this key signed it. */
  isSignedBy (key: KeyObject): boolean
}

/** Digest of each kind of signature, by its object identifier in hexadecimal digits; RFC 5758, RFC 4055, RFC 8410. */
const DIGESTS: Readonly<Record<string, string | null>> = {
  '2a8648ce3d040302': 'sha256', '2a8648ce3d040303': 'sha384', '2a8648ce3d040304': 'sha512',
  '2a864886f70d01010b': 'sha256', '2a864886f70d01010c': 'sha384', '2a864886f70d01010d': 'sha512',
  '2b6570': null,
}

/** A serial number as it is compared: hexadecimal digits, upper case, no zeros before. */
export const serialText = (hex: string): string => hex.toUpperCase().replace(/^0+(?=.)/, '')

/** Reads one list in DER. Throws an `Error` that says in words what is wrong with it. */
export function parseRevocationList (der: Uint8Array): RevocationList {
  const outer = new DerReader(der)
  const list = new DerReader(outer.take(TAG.sequence).content)
  if (!outer.isAtEnd) throw new Error('something follows it')
  const signed = list.take(TAG.sequence)
  const algorithm = hexOf(new DerReader(list.take(TAG.sequence).content).take(TAG.objectId).content)
  const [unused, ...signature] = list.take(TAG.bitString).content
  const digest = DIGESTS[algorithm]
  if (digest === undefined || unused !== 0 || !list.isAtEnd) throw new Error('its signature is of a kind that is not known')
  const { from, until, revoked } = contentOf(new DerReader(signed.content))
  return { from, until, revoked, isSignedBy: key => isSigned(digest, signed.whole, key, Uint8Array.from(signature)) }
}

function contentOf (list: DerReader): Pick<RevocationList, 'from' | 'until' | 'revoked'> {
  list.takeIf(TAG.integer)
  list.take(TAG.sequence)
  list.take(TAG.sequence)
  const from = timeOf(list.next())
  const until = list.takeIf(TAG.utcTime, TAG.generalizedTime)
  const revoked = new Map<string, number>()
  const entries = new DerReader(list.takeIf(TAG.sequence)?.content ?? new Uint8Array(0))
  while (!entries.isAtEnd) {
    const entry = new DerReader(entries.take(TAG.sequence).content)
    revoked.set(serialText(hexOf(entry.take(TAG.integer).content)), timeOf(entry.next()))
    checkExtensions(entry.takeIf(TAG.sequence))
  }
  const wrapped = list.takeIf(TAG.version)
  if (wrapped !== undefined) checkExtensions(new DerReader(wrapped.content).take(TAG.sequence))
  if (!list.isAtEnd) throw new Error('it holds something that does not belong there')
  return { from, until: until === undefined ? Infinity : timeOf(until), revoked }
}

/** A critical extension changes what the list means (RFC 5280 §5.2): which certificates it is for, or that it is only a part. */
function checkExtensions (extensions: DerValue | undefined): void {
  const all = new DerReader(extensions?.content ?? new Uint8Array(0))
  while (!all.isAtEnd) {
    const extension = new DerReader(all.take(TAG.sequence).content)
    extension.take(TAG.objectId)
    if (extension.next().tag !== TAG.octetString) throw new Error('it is a partial or an indirect list, which is not understood')
  }
}

/** `YYMMDDHHMMSSZ` until 2049, `YYYYMMDDHHMMSSZ` after; RFC 5280 §5.1.2.4. */
function timeOf ({ tag, content }: DerValue): number {
  const text = Buffer.from(content).toString('latin1')
  const whole = tag === TAG.utcTime ? `${Number(text.slice(0, 2)) < 50 ? '20' : '19'}${text}` : text
  const [, year, month, day, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(whole) ?? []
  const time = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
  if ((tag !== TAG.utcTime && tag !== TAG.generalizedTime) || Number.isNaN(time)) throw new Error('a time can not be read')
  return time
}

function isSigned (digest: string | null, bytes: Uint8Array, key: KeyObject, signature: Uint8Array): boolean {
  try {
    return verify(digest, bytes, key, signature)
  } catch {
    // A key of another kind than the signature.
    return false
  }
}

const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
