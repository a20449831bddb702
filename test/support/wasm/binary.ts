import { ByteWriter } from '../../../plugins/engine-wasm/module/byte-writer.js'

const PREAMBLE = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]

/** A module of hand-written sections, for what an assembler refuses to write. */
export function binary (...sections: ReadonlyArray<readonly [id: number, content: readonly number[]]>): Uint8Array {
  const out = new ByteWriter()
  out.append(PREAMBLE)
  for (const [id, content] of sections) {
    out.byte(id)
    out.u32(content.length)
    out.append(content)
  }
  return out.view().slice()
}

const text = (name: string): number[] => [name.length, ...Buffer.from(name)]

/** The smallest agent in bytes, around the given body of `caxton_handle` (locals included) and further sections. */
export function binaryAgent (handle: readonly number[], memory: readonly number[] = [1, 0, 1]): Uint8Array {
  const size = new ByteWriter()
  size.u32(handle.length)
  return binary(
    [1, [3, 0x60, 0, 0, 0x60, 1, 0x7f, 1, 0x7f, 0x60, 2, 0x7f, 0x7f, 1, 0x7f]],
    [3, [3, 0, 1, 2]],
    [5, memory],
    [7, [4, ...text('memory'), 2, 0, ...text('caxton_abi_1'), 0, 0, ...text('caxton_alloc'), 0, 1,
      ...text('caxton_handle'), 0, 2]],
    [10, [3, 2, 0, 0x0b, 5, 0, 0x41, 0x80, 0x08, 0x0b, ...size.view(), ...handle]],
  )
}
