import { InvalidWasm } from '../wasm-errors.js'
import type { ByteReader } from './byte-reader.js'
import { ByteWriter } from './byte-writer.js'
import { addressOf, copyConstant } from './constant-expression.js'
import { joinSegments, type DataSegment } from './joined-segments.js'
import type { ModuleIndex } from './module-index.js'
import { within, type ModuleLimits } from './module-limits.js'
import { SECTION } from './sections.js'

const ACTIVE = 0
const PASSIVE = 1
const EXPLICIT = 2

/** Reads how many data segments are announced (core specification 2.0, §5.5.16). */
export function readDataCount (reader: ByteReader, index: ModuleIndex): void {
  index.announcedSegments = reader.u32()
  reader.finish('the data count section')
}

/** Writes that section if the code, which has been read by then, names segments; nothing else needs it. */
export function writeDataCount (index: ModuleIndex, out: ByteWriter): void {
  if (!index.namesSegments || index.announcedSegments === undefined) return
  const content = new ByteWriter(8)
  content.u32(index.announcedSegments)
  out.byte(SECTION.dataCount)
  out.u32(content.length)
  out.append(content.view())
}

/** Copies the data segments (core specification 2.0, §5.5.14), joined where the code names none of them. */
export function rewriteData (
  reader: ByteReader | undefined, index: ModuleIndex, limits: ModuleLimits, out: ByteWriter,
): void {
  const segments = reader ? readSegments(reader, index, limits) : []
  if (segments.length !== (index.announcedSegments ?? segments.length)) {
    const reason = `there are ${segments.length} data segments where ${index.announcedSegments} were announced`
    throw InvalidWasm({ reason, ...reader && { offset: reader.start } })
  }
  const written = index.namesSegments ? segments : joinSegments(segments)
  if (written.length === 0) return
  out.u32(written.length)
  for (const { place, data } of written) {
    out.u32(place.length === 0 ? PASSIVE : ACTIVE)
    out.append(place)
    out.u32(data.length)
    out.append(data)
  }
}

function readSegments (reader: ByteReader, index: ModuleIndex, limits: ModuleLimits): DataSegment[] {
  const count = reader.u32()
  within(limits, 'segments', count, { offset: reader.position })
  const segments = Array.from({ length: count }, () => readSegment(reader, index))
  reader.finish('the data section')
  return segments
}

function readSegment (reader: ByteReader, index: ModuleIndex): DataSegment {
  const offset = reader.position
  const flags = reader.u32()
  if (flags > EXPLICIT) reader.invalid(`${flags} is no kind of data segment`, offset)
  if (flags === EXPLICIT && reader.u32() !== 0) reader.invalid('there is only one memory', offset)
  const place = new ByteWriter(8)
  if (flags !== PASSIVE) copyConstant(reader, index, place)
  const length = reader.u32()
  const start = reader.position
  reader.skip(length)
  return { place: place.view(), address: addressOf(place.view()), data: reader.bytes.subarray(start, reader.position) }
}
