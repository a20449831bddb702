import type { Head } from '../records/owner.js'
import { ByteReader } from './byte-reader.js'
import { ByteWriter } from './byte-writer.js'
import { MOST_SEQUENCE, readEntries, type EntryBlockWriter, type LogEntry } from './entry-block.js'

/** Part of a log: all that matters of what happened after `from`, up to `to`. */
export interface LogPart {
  readonly nodeId: string
  readonly epoch: number
  readonly from: number
  readonly to: number
  /** Of the whole log, when this part goes to its end; else undefined. */
  readonly head: Head | undefined
  /** How long its oldest entry waited to be sent, in milliseconds. */
  readonly age: number
  readonly entries: readonly LogEntry[]
}

/** Part of all records of a node. */
export interface SnapshotPart {
  /** As the log was when this part was written; other parts may be of another moment. */
  readonly head: Head
  /** Where the next part begins; 0 after the last. */
  readonly next: number
  readonly entries: readonly LogEntry[]
}

/** A question for the part of a log after `from`, or for the part of a snapshot that begins at `cursor`, if it is not -1. */
export interface Pull {
  readonly nodeId: string
  readonly epoch: number
  readonly from: number
  readonly cursor: number
}

export type RegistryMessage =
  | { readonly kind: 'part', readonly part: LogPart }
  /** `isAnswer`: sent because the other node said less; not answered again. */
  | { readonly kind: 'heads', readonly isAnswer: boolean, readonly heads: readonly Head[] }
  | { readonly kind: 'pull', readonly pull: Pull }
  | { readonly kind: 'snapshot', readonly snapshot: SnapshotPart }
  /** The log does not reach back that far. */
  | { readonly kind: 'too-old' }
  /** Nothing better is known here. */
  | { readonly kind: 'unknown' }

const FORMAT = 0x10
const KINDS = ['part', 'heads', 'pull', 'snapshot', 'too-old', 'unknown'] as const
const NODE_ID_BYTES = 1024
const MOST_COUNT = 2 ** 32
const MOST_AGE = 2 ** 32
/** A node id of one character, and one byte for each number but the hash. */
const LEAST_HEAD = 9

const begin = (kind: RegistryMessage['kind']): ByteWriter => new ByteWriter().u8(FORMAT | KINDS.indexOf(kind))

export function partMessage (part: Omit<LogPart, 'entries'>, entries: EntryBlockWriter): Uint8Array {
  const writer = begin('part').text(part.nodeId).varint(part.epoch).varint(part.from).varint(part.to)
  writer.varint(Math.min(MOST_AGE, Math.round(part.age))).u8(part.head ? 1 : 0)
  if (part.head) writer.u32(part.head.hash).varint(part.head.count)
  entries.writeTo(writer)
  return writer.bytes()
}

export function headsMessage (heads: readonly Head[], isAnswer: boolean): Uint8Array {
  const writer = begin('heads').u8(isAnswer ? 1 : 0).varint(heads.length)
  for (const head of heads) writeHead(writer.text(head.nodeId), head)
  return writer.bytes()
}

export function pullMessage ({ nodeId, epoch, from, cursor }: Pull): Uint8Array {
  return begin('pull').text(nodeId).varint(epoch).varint(from).varint(cursor + 1).bytes()
}

export function snapshotMessage (head: Head, next: number, entries: EntryBlockWriter): Uint8Array {
  const writer = writeHead(begin('snapshot').text(head.nodeId), head).varint(next)
  entries.writeTo(writer)
  return writer.bytes()
}

export const bareMessage = (kind: 'too-old' | 'unknown'): Uint8Array => begin(kind).bytes()

/** The head of the node that tells it, for those who know who that is: at most 26 bytes. */
export const whisperOf = (head: Head): Uint8Array => writeHead(new ByteWriter().u8(FORMAT), head).bytes()

/** Throws `REGISTRY_MESSAGE_MALFORMED`. */
export function readWhisper (nodeId: string, bytes: Uint8Array): Head {
  const reader = new ByteReader(bytes)
  if (reader.u8() !== FORMAT) throw reader.malformed('it is of a format that is not known')
  const head = readHead(reader, nodeId)
  reader.end()
  return head
}

/** Throws `REGISTRY_MESSAGE_MALFORMED`. */
export function readMessage (bytes: Uint8Array): RegistryMessage {
  const reader = new ByteReader(bytes)
  const first = reader.u8()
  const kind = (first & 0xf0) === FORMAT ? KINDS[first & 0x0f] : undefined
  if (kind === undefined) throw reader.malformed('it is of a kind that is not known')
  const message = readBody(reader, kind)
  reader.end()
  return message
}

function readBody (reader: ByteReader, kind: RegistryMessage['kind']): RegistryMessage {
  switch (kind) {
    case 'part': return { kind, part: readPart(reader) }
    case 'heads': return { kind, isAnswer: reader.u8() === 1, heads: readHeads(reader) }
    case 'pull': return { kind, pull: readPull(reader) }
    case 'snapshot': return { kind, snapshot: readSnapshot(reader) }
    case 'too-old': return { kind }
    case 'unknown': return { kind }
  }
}

function readPart (reader: ByteReader): LogPart {
  const nodeId = readNodeId(reader)
  const epoch = readEpoch(reader)
  const from = reader.varint(MOST_SEQUENCE)
  const to = reader.varint(MOST_SEQUENCE)
  const age = reader.varint(MOST_AGE)
  const isWhole = reader.u8() === 1
  const head = isWhole ? { nodeId, epoch, sequence: to, hash: reader.u32(), count: reader.varint(MOST_COUNT) } : undefined
  const entries = readEntries(reader, from)
  if (from > to || (entries.at(-1)?.sequence ?? to) > to || entries[0]?.sequence === from) {
    throw reader.malformed('its entries are not within its bounds')
  }
  return { nodeId, epoch, from, to, head, age, entries }
}

function readHeads (reader: ByteReader): Head[] {
  const heads: Head[] = []
  for (let left = reader.count(LEAST_HEAD); left > 0; left--) heads.push(readHead(reader, readNodeId(reader)))
  return heads
}

function readPull (reader: ByteReader): Pull {
  const nodeId = readNodeId(reader)
  const epoch = reader.varint(MOST_SEQUENCE)
  const from = reader.varint(MOST_SEQUENCE)
  return { nodeId, epoch, from, cursor: reader.varint(MOST_COUNT) - 1 }
}

function readSnapshot (reader: ByteReader): SnapshotPart {
  const head = readHead(reader, readNodeId(reader))
  const next = reader.varint(MOST_COUNT)
  const entries = readEntries(reader, 0)
  if (entries.some(({ listing }) => listing === undefined)) throw reader.malformed('a snapshot has an agent that is gone')
  return { head, next, entries }
}

function writeHead (writer: ByteWriter, { epoch, sequence, hash, count }: Head): ByteWriter {
  return writer.varint(epoch).varint(sequence).u32(hash).varint(count)
}

function readHead (reader: ByteReader, nodeId: string): Head {
  const epoch = readEpoch(reader)
  return { nodeId, epoch, sequence: reader.varint(MOST_SEQUENCE), hash: reader.u32(), count: reader.varint(MOST_COUNT) }
}

function readEpoch (reader: ByteReader): number {
  const epoch = reader.varint(MOST_SEQUENCE)
  if (epoch === 0) throw reader.malformed('a log has no epoch')
  return epoch
}

function readNodeId (reader: ByteReader): string {
  const nodeId = reader.text(NODE_ID_BYTES)
  if (nodeId === '') throw reader.malformed('a node has no id')
  return nodeId
}
