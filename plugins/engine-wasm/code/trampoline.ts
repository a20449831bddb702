import { ByteWriter } from '../module/byte-writer.js'
import type { ImportedFunction, ModuleIndex } from '../module/module-index.js'
import { ChargeWriter } from './charge-writer.js'
import { COST } from './cost-table.js'
import { OP } from './opcodes.js'

const I64 = 0x7e

/**
 * The body of a function that stands for an import wherever the module uses it as a value: in a table, an export, a
 * reference. It pays the import's price, as a direct call does, and then calls it.
 */
export function trampolineBody (index: ModuleIndex, imported: ImportedFunction, position: number): Uint8Array {
  const parameters = imported.host.type.parameters.length
  const out = new ByteWriter(64)
  out.append([1, 1, I64])
  new ChargeWriter(index.globals).fixed(out, parameters, imported.host.price + COST.charge + COST.call + parameters)
  for (let parameter = 0; parameter < parameters; parameter++) {
    out.byte(OP.localGet)
    out.u32(parameter)
  }
  out.byte(OP.call)
  out.u32(position)
  out.byte(OP.end)
  return out.view()
}
