import type { ByteReader } from './byte-reader.js'
import type { ModuleIndex } from './module-index.js'
import { typeText } from './value-types.js'

/**
 * The start function, if there is one. The section is dropped and the function exported under a reserved name: the host
 * calls it right after instantiation, with fuel, and can tell why it failed.
 */
export function readStart (reader: ByteReader | undefined, index: ModuleIndex): number | undefined {
  if (!reader) return undefined
  const offset = reader.position
  const target = reader.u32()
  reader.finish('the start section')
  const type = index.typeOf(target)
  if (!type) return reader.invalid(`there is no function ${target}`, offset)
  if (typeText(type) !== '() -> ()') reader.invalid(`the start function is ${typeText(type)}`, offset)
  return target
}
