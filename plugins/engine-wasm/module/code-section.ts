import { FunctionRewriter } from '../code/function-rewriter.js'
import { hookEntryBody } from '../code/hook-entry.js'
import { trampolineBody } from '../code/trampoline.js'
import type { ByteReader } from './byte-reader.js'
import type { ByteWriter } from './byte-writer.js'
import type { ModuleIndex } from './module-index.js'
import { within, type ModuleLimits } from './module-limits.js'

/** Rewrites every body and appends the trampolines of the imports and the entry of the hooks. */
export function rewriteCode (
  reader: ByteReader | undefined, index: ModuleIndex, limits: ModuleLimits, out: ByteWriter,
): void {
  out.u32(index.functions + 1)
  if (reader) rewriteBodies(reader, index, limits, out)
  index.imports.forEach((imported, position) => writeBody(trampolineBody(index, imported, position), out))
  writeBody(hookEntryBody(index), out)
}

function rewriteBodies (reader: ByteReader, index: ModuleIndex, limits: ModuleLimits, out: ByteWriter): void {
  const offset = reader.position
  const count = reader.u32()
  if (count !== index.defined.length) {
    reader.invalid(`there are ${count} function bodies for ${index.defined.length} functions`, offset)
  }
  const rewriter = new FunctionRewriter(index, limits, reader)
  for (const [position, typeIndex] of index.defined.entries()) {
    const start = reader.position
    const size = reader.u32()
    within(limits, 'bodyBytes', size, { offset: start, item: `function ${index.imports.length + position}` })
    writeBody(rewriter.rewrite(reader.part(size), index.typeAt(reader, typeIndex, start)), out)
  }
  reader.finish('the code section')
}

function writeBody (body: Uint8Array, out: ByteWriter): void {
  out.u32(body.length)
  out.append(body)
}
