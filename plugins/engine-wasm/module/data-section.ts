import type { ByteReader } from './byte-reader.js'
import type { ByteWriter } from './byte-writer.js'
import { copyConstant } from './constant-expression.js'
import type { ModuleIndex } from './module-index.js'
import { within, type ModuleLimits } from './module-limits.js'

const PASSIVE = 1
const EXPLICIT = 2

/** Copies the data segments (core specification 2.0, §5.5.14). */
export function rewriteData (reader: ByteReader, index: ModuleIndex, limits: ModuleLimits, out: ByteWriter): void {
  const count = reader.u32()
  within(limits, 'segments', count, { offset: reader.position })
  out.u32(count)
  for (let position = 0; position < count; position++) {
    const offset = reader.position
    const flags = reader.u32()
    if (flags > EXPLICIT) reader.invalid(`${flags} is no kind of data segment`, offset)
    out.u32(flags)
    if (flags === EXPLICIT) {
      if (reader.u32() !== 0) reader.invalid('there is only one memory', offset)
      out.u32(0)
    }
    if (flags !== PASSIVE) copyConstant(reader, index, out)
    const length = reader.u32()
    out.u32(length)
    const start = reader.position
    reader.skip(length)
    out.copy(reader.bytes, start, reader.position)
  }
  reader.finish('the data section')
}
