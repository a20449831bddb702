import { ByteWriter } from '../module/byte-writer.js'
import { HOOK, hooksOf } from '../module/hooks.js'
import type { ModuleIndex } from '../module/module-index.js'
import { OP } from './opcodes.js'

const I32 = 0x7f
const I64 = 0x7e
const NO_RESULT = 0x40

/** `(hook, a, b, c) -> i64`: the type of the entry, as the type section writes it. */
export const HOOK_ENTRY_TYPE: readonly number[] = [0x60, 4, I32, I32, I32, I32, 1, I64]

/**
 * The body of the function through which the host enters every hook. It charges nothing, since it is not the guest's;
 * an import that serves as a hook is entered through its trampoline, which pays.
 */
export function hookEntryBody (index: ModuleIndex): Uint8Array {
  const out = new ByteWriter(128)
  out.byte(0)
  for (const [hook, target] of hooksOf(index)) {
    const { parameters = [], results = [] } = index.typeOf(target) ?? {}
    out.append([OP.localGet, 0, OP.i32Const, HOOK[hook], OP.i32Equal, OP.if, NO_RESULT])
    parameters.forEach((_, position) => out.append([OP.localGet, position + 1]))
    out.byte(OP.call)
    out.u32(index.referenceTo(target))
    if (results.length === 0) out.append([OP.i64Const, 0])
    else if (results[0] === I32) out.byte(OP.i64ExtendSigned)
    out.append([OP.return, OP.end])
  }
  out.append([OP.i64Const, 0, OP.end])
  return out.view()
}
