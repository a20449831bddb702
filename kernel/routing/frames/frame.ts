import { actCode, actOfCode, FIELD, FRAME, FRAME_FLAGS, HIGHEST_FIELD, type Act } from '../../contract/in-shard.js'

/** Handle with generation: one agent, and not its successor in the same place. */
export interface Address {
  readonly handle: number
  readonly generation: number
}

/** The texts that a frame's fields carry. */
export interface FrameFields {
  readonly protocol?: string
  readonly language?: string
  readonly encoding?: string
  readonly ontology?: string
  readonly conversationId?: string
  readonly replyWith?: string
  readonly inReplyTo?: string
  readonly replyTo?: string
  readonly mediaType?: string
  readonly to?: string
  readonly receivers?: string
  readonly toCapability?: string
  readonly toTopic?: string
  readonly deliveryKey?: string
  /** User parameters by name, `X-...`. */
  readonly user?: Readonly<Record<string, string>>
}

/** The same while they are gathered. */
export type GatheredFields = { -readonly [K in keyof FrameFields]: FrameFields[K] }

/** A message as the main thread builds it. Everything left out is 0, or stamped on the way. */
export interface FrameDraft {
  readonly act: Act
  readonly receiver: Address
  readonly sender: Address
  readonly conversation?: bigint
  readonly deadline?: number
  /** When it is not to be handed over any more, in milliseconds since the Unix epoch; 0 never. */
  readonly expires?: number
  readonly priority?: number
  readonly delivery?: number
  readonly flags?: number
  readonly fields: FrameFields
  readonly content: Uint8Array
}

/** A message read back from a frame. */
export interface ReadFrame extends Required<Omit<FrameDraft, 'fields' | 'content'>> {
  readonly epoch: bigint
  readonly counter: bigint
  readonly traceId: string
  readonly spanId: string
  readonly sampled: boolean
  readonly fields: FrameFields
  readonly content: Uint8Array
}

/** A view of a whole frame. */
export const viewOf = (frame: Uint8Array): DataView => new DataView(frame.buffer, frame.byteOffset, frame.byteLength)

/** Most bytes of one field. */
export const LONGEST_FIELD = 0xffff

type TextField = Exclude<keyof typeof FIELD & keyof FrameFields, 'user'>

const NO_TEXTS: readonly string[] = ['user', 'expires']
const TEXT_FIELDS = Object.entries(FIELD).filter(([name]) => !NO_TEXTS.includes(name)) as Array<[TextField, number]>
const TEXT_FIELD_OF = new Map<number, TextField>(TEXT_FIELDS.map(([name, tag]) => [tag, name]))
const EXPIRES_BYTES = 8
const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

/**
 * Writes a whole frame. A field longer than {@link LONGEST_FIELD} throws a RangeError; the edges bound them long before
 * that.
 */
export function encodeFrame (draft: FrameDraft): Uint8Array {
  const { expires = 0 } = draft
  const fields = encodeFields(draft.fields, expires)
  const length = FRAME.headerBytes + fields.length + draft.content.length
  const bytes = new Uint8Array(length)
  const view = new DataView(bytes.buffer)
  view.setUint32(FRAME.length, length, true)
  bytes[FRAME.formatVersion] = FRAME.version
  bytes[FRAME.act] = actCode(draft.act)
  bytes[FRAME.priority] = draft.priority ?? 1
  bytes[FRAME.delivery] = draft.delivery ?? 0
  bytes[FRAME.flags] = (draft.flags ?? 0) | (expires === 0 ? 0 : FRAME_FLAGS.expires)
  writeAddress(view, FRAME.receiver, draft.receiver)
  writeAddress(view, FRAME.sender, draft.sender)
  view.setBigUint64(FRAME.conversation, draft.conversation ?? 0n, true)
  view.setBigInt64(FRAME.deadline, BigInt(Math.round(draft.deadline ?? 0)), true)
  view.setUint32(FRAME.fieldBytes, fields.length, true)
  bytes.set(fields, FRAME.headerBytes)
  bytes.set(draft.content, FRAME.headerBytes + fields.length)
  return bytes
}

/** Reads a frame that passed {@link frameFault}. Text that is not UTF-8 shows replacement characters. */
export function decodeFrame (frame: Uint8Array): ReadFrame {
  const view = viewOf(frame)
  const fieldEnd = FRAME.headerBytes + view.getUint32(FRAME.fieldBytes, true)
  return {
    act: actOfCode(frame[FRAME.act] ?? 0) ?? 'not-understood',
    priority: frame[FRAME.priority] ?? 1,
    delivery: frame[FRAME.delivery] ?? 0,
    flags: frame[FRAME.flags] ?? 0,
    receiver: readAddress(view, FRAME.receiver),
    sender: readAddress(view, FRAME.sender),
    epoch: view.getBigUint64(FRAME.messageEpoch, true),
    counter: view.getBigUint64(FRAME.messageCounter, true),
    conversation: view.getBigUint64(FRAME.conversation, true),
    deadline: Number(view.getBigInt64(FRAME.deadline, true)),
    expires: readExpires(view),
    traceId: hex(frame, FRAME.traceId, 16),
    spanId: hex(frame, FRAME.spanId, 8),
    sampled: ((frame[FRAME.traceFlags] ?? 0) & 1) !== 0,
    fields: decodeFields(frame.subarray(FRAME.headerBytes, fieldEnd)),
    content: frame.slice(fieldEnd),
  }
}

/** The conversation of a frame, without reading the rest. */
export const conversationOf = (frame: Uint8Array): bigint => viewOf(frame).getBigUint64(FRAME.conversation, true)

/** The number of a frame's message, likewise. */
export function messageNumberOf (frame: Uint8Array): Pick<ReadFrame, 'epoch' | 'counter'> {
  const view = viewOf(frame)
  return { epoch: view.getBigUint64(FRAME.messageEpoch, true), counter: view.getBigUint64(FRAME.messageCounter, true) }
}

/** What is wrong with a frame, if anything. */
export type FrameFault = 'length' | 'version' | 'act' | 'delivery' | 'priority' | 'fields'

/**
 * Checks everything about a frame that later code relies on: lengths, version, ranges, the structure of the fields.
 * On the hot path: no allocation, a few comparisons for a frame without fields.
 */
export function frameFault (bytes: Uint8Array, view: DataView, at: number, length: number): FrameFault | undefined {
  if (length < FRAME.headerBytes || view.getUint32(at + FRAME.length, true) !== length) return 'length'
  if (bytes[at + FRAME.formatVersion] !== FRAME.version) return 'version'
  const act = bytes[at + FRAME.act] ?? 0
  if (act < 1 || act > 22) return 'act'
  if ((bytes[at + FRAME.delivery] ?? 0) > 2) return 'delivery'
  if ((bytes[at + FRAME.priority] ?? 0) > 3) return 'priority'
  const fieldBytes = view.getUint32(at + FRAME.fieldBytes, true)
  if (fieldBytes > length - FRAME.headerBytes) return 'fields'
  if (fieldBytes > 0 && !fieldsAreSound(view, at + FRAME.headerBytes, fieldBytes)) return 'fields'
  return hasFlag(view, at, FRAME_FLAGS.expires) && findField(view, at, FIELD.expires) < 0 ? 'fields' : undefined
}

/**
 * Offset of a field's bytes in `bytes`, or -1. Its length stands in the two bytes before that offset.
 */
export function findField (view: DataView, at: number, tag: number): number {
  const end = at + FRAME.headerBytes + view.getUint32(at + FRAME.fieldBytes, true)
  for (let position = at + FRAME.headerBytes; position < end;) {
    if (view.getUint16(position, true) === tag) return position + 4
    position += 4 + view.getUint16(position + 2, true)
  }
  return -1
}

function fieldsAreSound (view: DataView, from: number, length: number): boolean {
  const end = from + length
  let seen = 0
  let position = from
  while (position + 4 <= end) {
    const tag = view.getUint16(position, true)
    if (tag === 0 || tag > HIGHEST_FIELD) return false
    if (tag !== FIELD.user && (seen & 1 << tag) !== 0) return false
    if (tag === FIELD.expires && view.getUint16(position + 2, true) !== EXPIRES_BYTES) return false
    seen |= 1 << tag
    position += 4 + view.getUint16(position + 2, true)
  }
  return position === end
}

function encodeFields (fields: FrameFields, expires: number): Uint8Array {
  const parts: Array<[tag: number, bytes: Uint8Array]> = []
  for (const [name, tag] of TEXT_FIELDS) {
    const text = fields[name]
    if (text !== undefined && text !== '') parts.push([tag, encoder.encode(text)])
  }
  for (const [name, value] of Object.entries(fields.user ?? {})) {
    parts.push([FIELD.user, encoder.encode(`${name}\0${value}`)])
  }
  if (expires !== 0) parts.push([FIELD.expires, i64(expires)])
  const tooLong = parts.find(([, part]) => part.length > LONGEST_FIELD)
  if (tooLong !== undefined) {
    throw new RangeError(`the field ${tooLong[0]} has ${tooLong[1].length} bytes, the limit is ${LONGEST_FIELD}`)
  }
  const bytes = new Uint8Array(parts.reduce((sum, [, part]) => sum + 4 + part.length, 0))
  const view = new DataView(bytes.buffer)
  let position = 0
  for (const [tag, part] of parts) {
    view.setUint16(position, tag, true)
    view.setUint16(position + 2, part.length, true)
    bytes.set(part, position + 4)
    position += 4 + part.length
  }
  return bytes
}

function decodeFields (bytes: Uint8Array): FrameFields {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const fields: GatheredFields = {}
  let user: Array<[name: string, value: string]> | undefined
  for (let position = 0; position + 4 <= bytes.length;) {
    const length = view.getUint16(position + 2, true)
    const text = decoder.decode(bytes.subarray(position + 4, position + 4 + length))
    const tag = view.getUint16(position, true)
    const name = TEXT_FIELD_OF.get(tag)
    const zero = text.indexOf('\0')
    if (name !== undefined) fields[name] = text
    else if (tag === FIELD.user && zero > 0) (user ??= []).push([text.slice(0, zero), text.slice(zero + 1)])
    position += 4 + length
  }
  fields.user = user === undefined ? {} : Object.fromEntries(user)
  return fields
}

function readExpires (view: DataView): number {
  const field = hasFlag(view, 0, FRAME_FLAGS.expires) ? findField(view, 0, FIELD.expires) : -1
  return field < 0 ? 0 : Number(view.getBigInt64(field, true))
}

function i64 (value: number): Uint8Array {
  const bytes = new Uint8Array(EXPIRES_BYTES)
  new DataView(bytes.buffer).setBigInt64(0, BigInt(Math.round(value)), true)
  return bytes
}

const hasFlag = (view: DataView, at: number, flag: number): boolean => (view.getUint8(at + FRAME.flags) & flag) !== 0

/** Writes an address into a frame's header, at the offset `at` of its handle. */
export function writeAddress (view: DataView, at: number, address: Address): void {
  view.setUint32(at, address.handle, true)
  view.setUint32(at + 4, address.generation, true)
}

/** The address in a frame's header whose handle stands at the offset `at`. */
export function readAddress (view: DataView, at: number): Address {
  return { handle: view.getUint32(at, true), generation: view.getUint32(at + 4, true) }
}

const hex = (bytes: Uint8Array, from: number, count: number): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset + from, count).toString('hex')
