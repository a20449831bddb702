import { defineError, type ErrorEntry } from '../../kernel/contract/in-shard.js'

/** Where in the uploaded bytes, as the end of a sentence. */
const at = (offset: number | undefined): string => offset === undefined ? '' : ` (at byte ${offset})`

/** What is wrong with the bytes, and where. */
export interface InvalidDetails {
  readonly reason: string
  readonly offset?: number
}

export const InvalidWasm = defineError({
  code: 'INVALID_WASM',
  kind: 'invalid',
  meaning: 'The uploaded bytes are not a well-formed WebAssembly module.',
  remedy: 'Upload the .wasm file that the compiler wrote, whole and unchanged; `wasm-validate` names the same fault.',
  sentence: (d: InvalidDetails) => `the module is not valid WebAssembly: ${d.reason}${at(d.offset)}`,
})

/** A part of WebAssembly that agents may not use. `item` is the instruction, section or type. */
export interface FeatureDetails {
  readonly feature: string
  readonly item: string
  readonly offset?: number
}

export const WasmFeatureRefused = defineError({
  code: 'WASM_FEATURE_REFUSED',
  kind: 'invalid',
  meaning: 'The module uses a part of WebAssembly that agents may not use, because nothing would bound its cost or effect.',
  remedy: 'Compile for plain WebAssembly without that feature; docs/agent-abi.md lists what is accepted.',
  sentence: (d: FeatureDetails) => `the module uses ${d.feature}, which agents may not: ${d.item}${at(d.offset)}`,
})

/** `item` is `module.name`, `grant` the host call it needs. */
export interface GrantDetails {
  readonly item: string
  readonly grant: string
  readonly offset?: number
}

export const WasmImportNotGranted = defineError({
  code: 'WASM_IMPORT_NOT_GRANTED',
  kind: 'denied',
  meaning: 'The module imports a host call that was not granted to the agent at deployment.',
  remedy: 'Grant the call when deploying (`--allow`), or build the agent without it.',
  sentence: (d: GrantDetails) =>
    `the module imports "${d.item}", but "${d.grant}" was not granted to it${at(d.offset)}`,
})

export interface ItemDetails {
  readonly item: string
  readonly offset?: number
}

export const WasmImportUnknown = defineError({
  code: 'WASM_IMPORT_UNKNOWN',
  kind: 'invalid',
  meaning: 'The module imports something that no agent can have.',
  remedy: 'Import only what docs/agent-abi.md lists; a compiler for browsers or for full WASI needs other settings.',
  sentence: (d: ItemDetails) => `the module imports "${d.item}", which does not exist here${at(d.offset)}`,
})

export interface MistypedDetails {
  readonly item: string
  readonly found: string
  readonly expected: string
  readonly offset?: number
}

export const WasmImportMistyped = defineError({
  code: 'WASM_IMPORT_MISTYPED',
  kind: 'invalid',
  meaning: 'The module declares an import with another type than the host offers.',
  remedy: 'Declare the import with the type that docs/agent-abi.md gives.',
  sentence: (d: MistypedDetails) =>
    `the import "${d.item}" is declared as ${d.found}, but must be ${d.expected}${at(d.offset)}`,
})

export const WasmExportMissing = defineError({
  code: 'WASM_EXPORT_MISSING',
  kind: 'invalid',
  meaning: 'The module lacks something that every agent must export.',
  remedy: 'Export it under exactly this name; the SDK does so by itself, docs/agent-abi.md shows how to without it.',
  sentence: (d: ItemDetails) => `the module does not export "${d.item}"`,
})

export const WasmExportMistyped = defineError({
  code: 'WASM_EXPORT_MISTYPED',
  kind: 'invalid',
  meaning: 'The module exports a name of the agent interface with another type.',
  remedy: 'Give the export the type that docs/agent-abi.md lists.',
  sentence: (d: MistypedDetails) => `the export "${d.item}" is ${d.found}, but must be ${d.expected}${at(d.offset)}`,
})

export const WasmExportReserved = defineError({
  code: 'WASM_EXPORT_RESERVED',
  kind: 'invalid',
  meaning: 'The module exports a name that the server keeps for itself.',
  remedy: 'Rename the export: names that begin with "__caxton" are reserved.',
  sentence: (d: ItemDetails) => `the module exports the reserved name "${d.item}"${at(d.offset)}`,
})

/** `limit` names the bound, `value` what the module asks for, `max` what it may have. */
export interface LimitDetails {
  readonly limit: string
  readonly value: number
  readonly max: number
  readonly item?: string
  readonly offset?: number
}

export const WasmLimitExceeded = defineError({
  code: 'WASM_LIMIT_EXCEEDED',
  kind: 'exhausted',
  meaning: 'The module is larger than it may be: in bytes, memory, table entries, or in what it costs to compile.',
  remedy: 'Make the named part smaller, or ask the operator to raise the limit where `[plugins.engine-wasm]` has one.',
  sentence: (d: LimitDetails) => {
    const item = d.item ? ` (${d.item})` : ''
    return `the module exceeds the limit on ${d.limit}: ${d.value}, allowed are ${d.max}${item}${at(d.offset)}`
  },
})

export const WasmRewriteFailed = defineError({
  code: 'WASM_REWRITE_FAILED',
  kind: 'internal',
  meaning: 'The module is valid, but became invalid when the server added its work counter. This is a fault of Caxton.',
  remedy: 'Report it with the module attached. The module was not deployed.',
  sentence: (d: InvalidDetails) => `adding the work counter broke a valid module: ${d.reason}`,
})

export const wasmErrors: readonly ErrorEntry[] = [
  InvalidWasm, WasmFeatureRefused, WasmImportNotGranted, WasmImportUnknown, WasmImportMistyped, WasmExportMissing,
  WasmExportMistyped, WasmExportReserved, WasmLimitExceeded, WasmRewriteFailed,
]
