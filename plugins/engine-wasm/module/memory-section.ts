import { WasmFeatureRefused } from '../wasm-errors.js'
import type { ByteReader } from './byte-reader.js'
import type { ByteWriter } from './byte-writer.js'
import type { ModuleIndex } from './module-index.js'
import { within, type ModuleLimits } from './module-limits.js'

const HAS_MAXIMUM = 1
const SHARED = 2
const WIDE = 4

/** Copies the one memory; its maximum becomes the limit, unless it is lower already. */
export function rewriteMemory (reader: ByteReader, index: ModuleIndex, limits: ModuleLimits, out: ByteWriter): void {
  const start = reader.position
  const count = reader.u32()
  if (count === 0) return reader.finish('the memory section')
  if (count > 1) {
    throw WasmFeatureRefused({ feature: 'more than one memory', item: `${count} memories`, offset: start })
  }
  const offset = reader.position
  const flags = reader.byte()
  if (flags >= 8) reader.invalid(`0x${flags.toString(16)} are no limits of a memory`, offset)
  if ((flags & SHARED) !== 0) throw WasmFeatureRefused({ feature: 'threads', item: 'shared memory', offset })
  if ((flags & WIDE) !== 0) throw WasmFeatureRefused({ feature: '64-bit memory', item: 'the memory', offset })
  const smallest = reader.u32()
  within(limits, 'memoryPages', smallest, { offset, item: 'initial size of the memory' })
  const declared = flags === HAS_MAXIMUM ? reader.u32() : limits.memoryPages
  reader.finish('the memory section')
  index.hasMemory = true
  out.u32(1)
  out.byte(HAS_MAXIMUM)
  out.u32(smallest)
  out.u32(Math.min(declared, limits.memoryPages))
}
