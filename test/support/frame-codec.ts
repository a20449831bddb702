import { ACTS, FIELD, FRAME, HIGHEST_FIELD, actCode, actOfCode, type Act } from '../../kernel/contract/index.js'

export type FieldName = Exclude<keyof typeof FIELD, 'expires'>

/** A frame as tests write and read it. */
export interface TestFrame {
  readonly act: Act
  readonly receiver: bigint
  readonly sender: bigint
  readonly conversation: bigint
  readonly deadline: bigint
  /** 0: no field. The flag is a matter of its own. */
  readonly expires: bigint
  readonly delivery: number
  readonly priority: number
  readonly flags: number
  readonly messageEpoch: bigint
  readonly messageCounter: bigint
  readonly traceId: string
  readonly spanId: string
  readonly traceFlags: number
  readonly fields: Readonly<Partial<Record<FieldName, string>>>
  /** Parameters by name, `X-` included. */
  readonly user: Readonly<Record<string, string>>
  readonly content: string | Uint8Array
}

const BLANK: TestFrame = {
  act: 'request', receiver: 0n, sender: 0n, conversation: 0n, deadline: 0n, expires: 0n, delivery: 0, priority: 1, flags: 0,
  messageEpoch: 0n, messageCounter: 0n, traceId: '0'.repeat(32), spanId: '0'.repeat(16), traceFlags: 0,
  fields: {}, user: {}, content: '',
}

/** A whole frame; what is not given is zero or empty, the act a request. */
export function encodeFrame (given: Partial<TestFrame>): Uint8Array {
  const frame = { ...BLANK, ...given }
  const fields = Buffer.concat([
    ...Object.entries(FIELD).map(([name, tag]) => field(tag, frame.fields[name as FieldName])),
    ...frame.expires === 0n ? [] : [expiry(frame.expires)],
    ...Object.entries(frame.user).map(([name, value]) => field(FIELD.user, `${name}\0${value}`)),
  ])
  const header = Buffer.alloc(FRAME.headerBytes)
  const content = Buffer.from(frame.content)
  header.writeUInt32LE(header.length + fields.length + content.length, FRAME.length)
  header.writeUInt8(FRAME.version, FRAME.formatVersion)
  header.writeUInt8(actCode(frame.act), FRAME.act)
  header.writeUInt8(frame.delivery, FRAME.delivery)
  header.writeUInt8(frame.priority, FRAME.priority)
  header.writeBigUInt64LE(frame.receiver, FRAME.receiver)
  header.writeBigUInt64LE(frame.sender, FRAME.sender)
  header.writeBigUInt64LE(frame.messageEpoch, FRAME.messageEpoch)
  header.writeBigUInt64LE(frame.messageCounter, FRAME.messageCounter)
  header.writeBigUInt64LE(frame.conversation, FRAME.conversation)
  header.writeBigInt64LE(frame.deadline, FRAME.deadline)
  header.write(frame.traceId, FRAME.traceId, 'hex')
  header.write(frame.spanId, FRAME.spanId, 'hex')
  header.writeUInt8(frame.traceFlags, FRAME.traceFlags)
  header.writeUInt8(frame.flags, FRAME.flags)
  header.writeUInt32LE(fields.length, FRAME.fieldBytes)
  return Buffer.concat([header, fields, content])
}

function expiry (at: bigint): Buffer {
  const bytes = Buffer.alloc(12)
  bytes.writeUInt16LE(FIELD.expires, 0)
  bytes.writeUInt16LE(8, 2)
  bytes.writeBigInt64LE(at, 4)
  return bytes
}

function field (tag: number, text: string | undefined): Buffer {
  if (text === undefined) return Buffer.alloc(0)
  const bytes = Buffer.from(text)
  const head = Buffer.alloc(4)
  head.writeUInt16LE(tag, 0)
  head.writeUInt16LE(bytes.length, 2)
  return Buffer.concat([head, bytes])
}

/** Reads a frame strictly: throws on anything that the layout forbids. The content is read as text. */
export function decodeFrame (bytes: Uint8Array): TestFrame & { readonly content: string } {
  const buffer = Buffer.from(bytes)
  if (buffer.readUInt32LE(FRAME.length) !== buffer.length) throw new Error('the frame has another length than it says')
  if (buffer.readUInt8(FRAME.formatVersion) !== FRAME.version) throw new Error('the frame has another version')
  const act = actOfCode(buffer.readUInt8(FRAME.act))
  if (act === undefined) throw new Error(`the act is none of ${ACTS.join(', ')}`)
  const fieldsEnd = FRAME.headerBytes + buffer.readUInt32LE(FRAME.fieldBytes)
  return {
    act,
    delivery: buffer.readUInt8(FRAME.delivery),
    priority: buffer.readUInt8(FRAME.priority),
    receiver: buffer.readBigUInt64LE(FRAME.receiver),
    sender: buffer.readBigUInt64LE(FRAME.sender),
    messageEpoch: buffer.readBigUInt64LE(FRAME.messageEpoch),
    messageCounter: buffer.readBigUInt64LE(FRAME.messageCounter),
    conversation: buffer.readBigUInt64LE(FRAME.conversation),
    deadline: buffer.readBigInt64LE(FRAME.deadline),
    traceId: buffer.toString('hex', FRAME.traceId, FRAME.traceId + 16),
    spanId: buffer.toString('hex', FRAME.spanId, FRAME.spanId + 8),
    traceFlags: buffer.readUInt8(FRAME.traceFlags),
    flags: buffer.readUInt8(FRAME.flags),
    ...decodeFields(buffer.subarray(FRAME.headerBytes, fieldsEnd)),
    content: buffer.toString('utf8', fieldsEnd),
  }
}

function decodeFields (bytes: Buffer): Pick<TestFrame, 'fields' | 'user' | 'expires'> {
  const fields: Partial<Record<FieldName, string>> = {}
  const user: Record<string, string> = {}
  let expires = 0n
  for (let at = 0; at < bytes.length;) {
    const tag = bytes.readUInt16LE(at)
    const length = bytes.readUInt16LE(at + 2)
    if (at + 4 + length > bytes.length) throw new Error('a field reaches beyond the fields')
    if (tag === FIELD.expires) {
      if (length !== 8) throw new Error('the field expires is no number of 8 bytes')
      expires = bytes.readBigInt64LE(at + 4)
      at += 4 + length
      continue
    }
    const text = bytes.toString('utf8', at + 4, at + 4 + length)
    at += 4 + length
    const name = (Object.keys(FIELD) as FieldName[]).find(known => FIELD[known] === tag)
    if (tag === 0 || tag > HIGHEST_FIELD) throw new Error(`there is no field ${tag}`)
    if (name === undefined) continue
    if (name === 'user') user[text.slice(0, text.indexOf('\0'))] = text.slice(text.indexOf('\0') + 1)
    else if (fields[name] !== undefined) throw new Error(`the field ${name} comes twice`)
    else fields[name] = text
  }
  return { fields, user, expires }
}
