const FIRST_SECTION = 8
const GLOBAL_SECTION = 6
const [F64, CONSTANT, F64_CONST, END] = [0x7c, 0x00, 0x44, 0x0b] as const

/**
 * The same module with a global of its own that nothing uses, so that neither the server nor V8 has seen it: what a custom section
 * says is dropped before it is compiled, and V8 knows code that it compiled before. A function type of its own would make each module
 * slower than the one before, as V8 11.3 compares every type with all that it ever met.
 */
export function asUnseen (module: Uint8Array, serial: number): Uint8Array {
  const [sizeAt, contentAt, end] = sectionOf(module, GLOBAL_SECTION)
  const [count, firstAt] = unsigned(module, contentAt)
  const value = Buffer.alloc(8)
  value.writeDoubleLE(serial)
  const globals = Buffer.concat([
    Buffer.from(encoded(count + 1)), module.subarray(firstAt, end), Buffer.from([F64, CONSTANT, F64_CONST, ...value, END]),
  ])
  return Buffer.concat([module.subarray(0, sizeAt), Buffer.from(encoded(globals.length)), globals, module.subarray(end)])
}

/** Where the size of a section stands, where its content begins and where it ends. */
function sectionOf (module: Uint8Array, wanted: number): [sizeAt: number, contentAt: number, end: number] {
  for (let at = FIRST_SECTION; at < module.length;) {
    const [size, contentAt] = unsigned(module, at + 1)
    if (module[at] === wanted) return [at + 1, contentAt, contentAt + size]
    at = contentAt + size
  }
  throw new TypeError(`the module has no section ${wanted}`)
}

/** An unsigned LEB128 number, and where it ends. */
function unsigned (bytes: Uint8Array, at: number): [value: number, end: number] {
  let value = 0
  for (let [position, shift] = [at, 0]; ; position++, shift += 7) {
    const byte = bytes[position] ?? 0
    value |= (byte & 0x7f) << shift
    if (byte < 0x80) return [value, position + 1]
  }
}

function encoded (value: number): number[] {
  return value < 0x80 ? [value] : [value & 0x7f | 0x80, ...encoded(value >> 7)]
}
