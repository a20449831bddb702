import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createMemoryStream, main } from 'assemblyscript/asc'
import { packageRoot } from '../../kernel/lifecycle/package-root.js'

/** The agents of the bench, built with the SDK like anybody's, each when it is first asked for. */
export class BenchAgents {
  readonly #built = new Map<string, Promise<Uint8Array>>()

  get metronome (): Promise<Uint8Array> { return this.#build('scripts/bench/assembly/metronome.ts') }
  get volley (): Promise<Uint8Array> { return this.#build('scripts/bench/assembly/volley.ts') }
  get requester (): Promise<Uint8Array> { return this.#build('scripts/bench/assembly/requester.ts') }
  get manager (): Promise<Uint8Array> { return this.#build('scripts/bench/assembly/manager.ts') }
  get bidder (): Promise<Uint8Array> { return this.#build('scripts/bench/assembly/bidder.ts') }
  get sender (): Promise<Uint8Array> { return this.#build('scripts/bench/assembly/sender.ts') }
  get echo (): Promise<Uint8Array> { return this.#build('examples/echo/echo.ts') }

  #build (source: string): Promise<Uint8Array> {
    const known = this.#built.get(source)
    if (known !== undefined) return known
    const module = compiled(source)
    this.#built.set(source, module)
    return module
  }
}

async function compiled (source: string): Promise<Uint8Array> {
  const folder = mkdtempSync(path.join(tmpdir(), 'caxton-bench-agents-'))
  const output = path.join(folder, 'agent.wasm')
  const words = [
    source, '--config', 'plugins/engine-wasm/sdk/asconfig.json', '--outFile', path.relative(packageRoot, output), '--baseDir', packageRoot,
  ]
  const stderr = createMemoryStream()
  const { error } = await main(words, { stderr })
  if (error !== null) throw new Error(`${source} does not compile: ${stderr.toString()}`, { cause: error })
  const module = new Uint8Array(readFileSync(output))
  rmSync(folder, { recursive: true })
  return module
}

/** Bits of the serial number, each a parameter of a function type. */
const SERIAL_BITS = 16
const TYPE_SECTION = 1
const [I32, I64, FUNCTION] = [0x7f, 0x7e, 0x60] as const

/**
 * The same module with a function type of its own that nothing uses, so that neither the server nor V8 has seen it: what a custom section
 * says is dropped before it is compiled, and V8 knows code that it compiled before.
 */
export function asUnseen (module: Uint8Array, serial: number): Uint8Array {
  const parameters = Array.from({ length: SERIAL_BITS }, (_, bit) => (serial >> bit & 1) === 0 ? I32 : I64)
  const type = [FUNCTION, SERIAL_BITS, ...parameters, 0]
  const [preamble, sizeAt] = [8, 9]
  const [size, typesAt] = unsigned(module, sizeAt)
  const [count, firstAt] = unsigned(module, typesAt)
  if (module[preamble] !== TYPE_SECTION) throw new TypeError('the module does not begin with its types')
  const types = Buffer.concat([Buffer.from(encoded(count + 1)), module.subarray(firstAt, typesAt + size), Buffer.from(type)])
  return Buffer.concat([module.subarray(0, sizeAt), Buffer.from(encoded(types.length)), types, module.subarray(typesAt + size)])
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
