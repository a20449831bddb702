import wabt from 'wabt'

/** Made at first use: starting it takes longer than assembling. */
let assembler: ReturnType<typeof wabt> | undefined

/** Assembles WebAssembly text, with every proposal that wabt knows, so that refused features can be written too. */
export async function assemble (text: string): Promise<Uint8Array> {
  const parser = await (assembler ??= wabt())
  const module = parser.parseWat('test.wat', text, {
    exceptions: true, mutable_globals: true, sat_float_to_int: true, sign_extension: true, simd: true, threads: true,
    multi_value: true, tail_call: true, bulk_memory: true, reference_types: true, memory64: true, extended_const: true,
    relaxed_simd: true,
  })
  try {
    return new Uint8Array(module.toBinary({ log: false, write_debug_names: true }).buffer)
  } finally {
    module.destroy()
  }
}

/** The parts in which a test's agent differs from the smallest one. */
export interface AgentParts {
  /** Imports. */
  readonly imports?: string
  readonly memory?: string
  readonly alloc?: string
  /** Body of `caxton_handle (param $pointer i32) (param $length i32) (result i32)`. */
  readonly handle?: string
  /** Body of `caxton_tick (param $id i32) (result i32)`. */
  readonly tick?: string
  /** Anything else. */
  readonly more?: string
}

/** The text of an agent that does nothing, or what a test asks for. */
export function agentText (parts: AgentParts = {}): string {
  const tick = parts.tick === undefined
    ? '' : `(func (export "caxton_tick") (param $id i32) (result i32) ${parts.tick})`
  return `(module
    ${parts.imports ?? ''}
    ${parts.memory ?? '(memory (export "memory") 1)'}
    (func (export "caxton_abi_1"))
    (func (export "caxton_alloc") (param $length i32) (result i32) ${parts.alloc ?? 'i32.const 1024'})
    (func (export "caxton_handle") (param $pointer i32) (param $length i32) (result i32) ${parts.handle ?? 'i32.const 0'})
    ${tick}
    ${parts.more ?? ''})`
}

export const assembleAgent = (parts: AgentParts = {}): Promise<Uint8Array> => assemble(agentText(parts))
