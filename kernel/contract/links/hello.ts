import { LONGEST_HELLO, LONGEST_RECORD } from './link-records.js'
import { MalformedInput } from './malformed-input.js'

/** A Caxton version, and the oldest and newest (major.minor) that it works with. */
export interface VersionRange {
  readonly version: string
  readonly oldest: string
  readonly newest: string
}

/** What each side of a link says first. */
export interface Hello {
  readonly nodeId: string
  /** First and last version of the protocol of links that it speaks. */
  readonly protocol: readonly [number, number]
  readonly caxton: VersionRange
  /** Most bytes of a frame that it takes. */
  readonly largestFrame: number
  /** Whether it wants batches compressed. */
  readonly compression: boolean
  /** 32 bytes by chance in base64, where the connection does not prove who speaks. */
  readonly nonce: string | undefined
}

/** What this Caxton speaks. */
export const LINK_PROTOCOL: readonly [number, number] = [1, 1]

const TEXT = /^[\x21-\x7e]{1,255}$/
const VERSION = /^(\d{1,6})\.(\d{1,6})(\.[\x21-\x7e]{1,64})?$/
const NONCE = /^[A-Za-z0-9+/]{43}=$/

/** A version works with those one minor version away from it. */
export function versionRangeOf (version: string): VersionRange {
  const [major, minor] = partsOf(version)
  return { version, oldest: `${major}.${Math.max(0, minor - 1)}`, newest: `${major}.${minor + 1}` }
}

/** Why two nodes can't work together, as part of a sentence whose subject is the other node; undefined: they can. */
export function disagreement (own: Hello, theirs: Hello): string | undefined {
  if (Math.min(own.protocol[1], theirs.protocol[1]) < Math.max(own.protocol[0], theirs.protocol[0])) {
    return `it speaks versions ${theirs.protocol.join(' to ')} of the link protocol, and this node ${own.protocol.join(' to ')}`
  }
  // The newer one knows what became of the older one's ways.
  const [newer, older] = compare(theirs.caxton.version, own.caxton.version) > 0 ? [theirs, own] : [own, theirs]
  const { oldest, newest } = newer.caxton
  if (compare(older.caxton.version, oldest) >= 0 && compare(older.caxton.version, newest) <= 0) return undefined
  const told = ({ caxton }: Hello): string => `${caxton.version}, which works with ${caxton.oldest} to ${caxton.newest}`
  return `it runs Caxton ${told(theirs)}; this node runs ${told(own)}`
}

export function encodeHello (hello: Hello): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(hello))
}

/** Reads a hello. What it does not know is left aside, for later versions. Throws {@link MalformedInput}. */
export function parseHello (body: Uint8Array): Hello {
  const { nodeId, protocol, caxton, largestFrame, compression, nonce } = fieldsOf(json(body))
  return {
    nodeId: text(nodeId, TEXT),
    protocol: protocolOf(protocol),
    caxton: rangeOf(fieldsOf(caxton)),
    largestFrame: integer(largestFrame, 1024, LONGEST_RECORD),
    compression: compression === true,
    nonce: nonce === undefined ? undefined : text(nonce, NONCE),
  }
}

const refuse = (): never => { throw new MalformedInput('a hello that can not be understood') }

function json (body: Uint8Array): unknown {
  if (body.byteLength > LONGEST_HELLO) return refuse()
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))
  } catch {
    return refuse()
  }
}

function fieldsOf (value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : refuse()
}

const text = (value: unknown, pattern: RegExp): string => typeof value === 'string' && pattern.test(value) ? value : refuse()

const integer = (value: unknown, least: number, most: number): number =>
  typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most ? value : refuse()

function protocolOf (value: unknown): readonly [number, number] {
  if (!Array.isArray(value) || value.length !== 2) return refuse()
  const first = integer(value[0], 1, 65_535)
  return [first, integer(value[1], first, 65_535)]
}

function rangeOf ({ version, oldest, newest }: Readonly<Record<string, unknown>>): VersionRange {
  return { version: text(version, VERSION), oldest: text(oldest, VERSION), newest: text(newest, VERSION) }
}

function partsOf (version: string): readonly [number, number] {
  const [, major, minor] = VERSION.exec(version) ?? []
  return [Number(major ?? 0), Number(minor ?? 0)]
}

/** By major and minor version. */
function compare (one: string, other: string): number {
  const [a, b] = [partsOf(one), partsOf(other)]
  return a[0] - b[0] || a[1] - b[1]
}
