import { DELIVERY, type AgentListing } from '../../../kernel/contract/index.js'
import { hasExtras, STATES } from '../records/owner-records.js'
import type { ByteReader } from './byte-reader.js'
import { ByteWriter } from './byte-writer.js'

/** One entry of a log. `listing` undefined: the agent is there no more. */
export interface LogEntry {
  readonly sequence: number
  readonly name: string
  readonly listing: AgentListing | undefined
}

export const MOST_SEQUENCE = 2 ** 48
export const MOST_CLAIM = 2 ** 32 - 1
/** Most bytes of the capabilities, topics and homes of one agent. */
export const EXTRAS_BYTES = 256 * 1024
const MODULE_BYTES = 32
/** Step of the sequence, tag, and a name of one character. */
const LEAST_ENTRY = 4

const IS_PUT = 0b1_0000
const HAS_MODULE = 0b10_0000
const HAS_EXTRAS = 0b100_0000
const KNOWN_BITS = 0b111_1111

/** Writes entries one after the other: each names its module by a number in a list that comes before them all. */
export class EntryBlockWriter {
  readonly #body = new ByteWriter()
  readonly #modules = new Map<string, number>()
  #count = 0
  #sequence: number

  /** Sequences are written as steps from the one before, the first from `from`. */
  constructor (from: number) {
    this.#sequence = from
  }

  get count (): number {
    return this.#count
  }

  get bytes (): number {
    return this.#body.length + this.#modules.size * MODULE_BYTES
  }

  put (sequence: number, listing: AgentListing): void {
    const isManifold = hasExtras(listing)
    const tag = STATES.indexOf(listing.state) | listing.delivery << 2 | IS_PUT |
      (listing.module === '' ? 0 : HAS_MODULE) | (isManifold ? HAS_EXTRAS : 0)
    this.#begin(sequence, tag, listing.name)
    this.#body.varint(listing.claim)
    if (listing.module !== '') this.#body.varint(this.#module(listing.module))
    if (!isManifold) return
    for (const texts of [listing.offers, listing.topics, listing.homes]) {
      this.#body.varint(texts.length)
      for (const text of texts) this.#body.text(text)
    }
    this.#body.u8(listing.isBound ? 1 : 0)
  }

  gone (sequence: number, name: string): void {
    this.#begin(sequence, 0, name)
  }

  writeTo (writer: ByteWriter): void {
    writer.varint(this.#modules.size)
    for (const module of this.#modules.keys()) writer.hex(module)
    writer.varint(this.#count).append(this.#body)
  }

  #begin (sequence: number, tag: number, name: string): void {
    this.#body.varint(sequence - this.#sequence).u8(tag).name(name)
    this.#sequence = sequence
    this.#count += 1
  }

  #module (module: string): number {
    const known = this.#modules.get(module)
    if (known !== undefined) return known
    const number = this.#modules.size
    this.#modules.set(module, number)
    return number
  }
}

/** Reads what {@link EntryBlockWriter} wrote. */
export function readEntries (reader: ByteReader, from: number): LogEntry[] {
  const modules: string[] = []
  for (let left = reader.count(MODULE_BYTES); left > 0; left--) modules.push(reader.hex(MODULE_BYTES))
  const entries: LogEntry[] = []
  let sequence = from
  for (let left = reader.count(LEAST_ENTRY); left > 0; left--) {
    sequence += reader.varint(MOST_SEQUENCE - sequence)
    const tag = reader.u8()
    if ((tag & ~KNOWN_BITS) !== 0) throw reader.malformed('an entry is of a kind that is not known')
    const name = reader.name()
    entries.push({ sequence, name, listing: (tag & IS_PUT) === 0 ? undefined : readListing(reader, tag, name, modules) })
  }
  return entries
}

function readListing (reader: ByteReader, tag: number, name: string, modules: readonly string[]): AgentListing {
  const claim = reader.varint(MOST_CLAIM)
  const module = (tag & HAS_MODULE) === 0 ? '' : modules[reader.varint(modules.length)]
  if (module === undefined) throw reader.malformed('a module is not in the list')
  const delivery = tag >> 2 & 3
  if (delivery >= DELIVERY.length) throw reader.malformed('a delivery mode is not known')
  const isManifold = (tag & HAS_EXTRAS) !== 0
  const [offers = [], topics = [], homes = []] = isManifold ? [readTexts(reader), readTexts(reader), readTexts(reader)] : []
  const bound = isManifold ? reader.u8() : 0
  if (bound > 1) throw reader.malformed('it is neither bound nor not')
  return { name, claim, state: STATES[tag & 3] ?? 'failed', delivery, module, offers, topics, homes, isBound: bound === 1 }
}

function readTexts (reader: ByteReader): string[] {
  const texts: string[] = []
  for (let left = reader.count(1); left > 0; left--) texts.push(reader.text(EXTRAS_BYTES))
  return texts
}
