import type { ByteReader } from './byte-reader.js'
import type { ModuleIndex } from './module-index.js'
import { typeText } from './value-types.js'

/**
 * Notes the start function, if there is one. The section is dropped and the function becomes a hook: the host calls it
 * right after instantiation, with fuel, and can tell why it failed.
 */
export function readStart (reader: ByteReader | undefined, index: ModuleIndex): void {
  if (!reader) return
  const offset = reader.position
  const target = reader.u32()
  reader.finish('the start section')
  const type = index.typeOf(target)
  if (!type) return reader.invalid(`there is no function ${target}`, offset)
  if (typeText(type) !== '() -> ()') reader.invalid(`the start function is ${typeText(type)}`, offset)
  index.start = target
}
