import { agentText, assemble, type AgentParts } from './wasm/assemble.js'
import { binary, binaryAgent } from './wasm/binary.js'

/** A module that must be refused, and with what. */
export interface BadModule {
  readonly what: string
  readonly bytes: () => Promise<Uint8Array> | Uint8Array
  readonly code: string
  /** What the sentence names: the place, or the item. */
  readonly names: RegExp
}

const END = 0x0b
const I32 = 0x7f
const OFFSET = /at byte \d+/
const agent = (parts: AgentParts) => (): Promise<Uint8Array> => assemble(agentText(parts))
const module = (text: string) => (): Promise<Uint8Array> => assemble(text)
const imports = (text: string) => agent({ imports: `(import ${text})` })

/** A number in LEB128. */
function leb (value: number): number[] {
  return value < 128 ? [value] : [value & 127 | 128, ...leb(value >>> 7)]
}

/** A body of `caxton_handle` with so many locals, the instructions, and an answer. */
function body (locals: number, code: readonly number[]): Uint8Array {
  return binaryAgent([1, ...leb(locals), I32, ...code, 0x41, 0, END])
}

const repeated = (count: number, code: readonly number[]): number[] => Array<readonly number[]>(count).fill(code).flat()

/** `block local.get 0 br_if 0 end` and `loop end`, which cost the compiler the number of locals each. */
const BRANCH = [0x02, 0x40, 0x20, 0x00, 0x0d, 0x00, END]
const LOOP = [0x03, 0x40, END]

const without = (name: string): string => agentText().replace(`(export "${name}")`, '')

const FORMAT: readonly BadModule[] = [
  { what: 'nothing', bytes: () => new Uint8Array(0), code: 'INVALID_WASM', names: /empty|0 bytes|at byte 0/ },
  { what: 'a text', bytes: () => Buffer.from('#!/bin/sh\necho I am no module\n'), code: 'INVALID_WASM', names: /at byte 0/ },
  { what: 'one byte of a module', bytes: () => Buffer.from([0]), code: 'INVALID_WASM', names: OFFSET },
  { what: 'half a module', bytes: async () => (await agent({})()).subarray(0, 60), code: 'INVALID_WASM', names: OFFSET },
  { what: 'a module of version 2', bytes: () => Buffer.from('0061736d02000000', 'hex'), code: 'INVALID_WASM', names: OFFSET },
  {
    what: 'code of the wrong type', code: 'INVALID_WASM', names: OFFSET,
    bytes: () => binaryAgent([0, 0x42, 0, END]),
  },
  { what: 'a component', bytes: () => Buffer.from('0061736d0d000100', 'hex'), code: 'WASM_FEATURE_REFUSED', names: /component/i },
  {
    what: 'a section that claims four gigabytes', code: 'INVALID_WASM', names: OFFSET,
    bytes: () => Buffer.from('0061736d0100000001ffffffff0f', 'hex'),
  },
  {
    what: 'a vector that claims four billion entries', code: 'WASM_LIMIT_EXCEEDED', names: OFFSET,
    bytes: () => binary([1, [0xff, 0xff, 0xff, 0xff, 0x0f]]),
  },
]

const IMPORTS: readonly BadModule[] = [
  {
    what: 'an import that was not granted', code: 'WASM_IMPORT_NOT_GRANTED', names: /caxton\.call.*at byte \d+/,
    bytes: imports('"caxton" "call" (func (param i32 i32) (result i32))'),
  },
  {
    what: 'a host call that does not exist', code: 'WASM_IMPORT_UNKNOWN', names: /caxton\.http_get.*at byte \d+/,
    bytes: imports('"caxton" "http_get" (func (param i32 i32) (result i32))'),
  },
  {
    what: 'an import from a module that does not exist', code: 'WASM_IMPORT_UNKNOWN', names: /system\.exec.*at byte \d+/,
    bytes: imports('"system" "exec" (func (param i32 i32) (result i32))'),
  },
  {
    what: 'a system call that opens files', code: 'WASM_IMPORT_UNKNOWN', names: /path_open/,
    bytes: imports('"wasi_snapshot_preview1" "path_open" (func (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32))'),
  },
  {
    what: 'a mistyped import', code: 'WASM_IMPORT_MISTYPED', names: /caxton\.send/,
    bytes: imports('"caxton" "send" (func (param i64) (result i32))'),
  },
  {
    what: 'an imported memory', code: 'WASM_FEATURE_REFUSED', names: /env\.memory.*at byte \d+/,
    bytes: imports('"env" "memory" (memory 1)'),
  },
  { what: 'an imported global', code: 'WASM_FEATURE_REFUSED', names: /env\.g.*at byte \d+/, bytes: imports('"env" "g" (global i32)') },
]

const FEATURES: readonly BadModule[] = [
  { what: 'shared memory', bytes: agent({ memory: '(memory (export "memory") 1 2 shared)' }), code: 'WASM_FEATURE_REFUSED', names: OFFSET },
  { what: '64-bit memory', bytes: () => binaryAgent([0, 0x41, 0, END], [1, 4, 1]), code: 'WASM_FEATURE_REFUSED', names: OFFSET },
  {
    what: 'atomics', code: 'WASM_FEATURE_REFUSED', names: OFFSET,
    bytes: agent({ memory: '(memory (export "memory") 1 1)', handle: '(memory.atomic.notify (i32.const 0) (i32.const 1))' }),
  },
  {
    what: 'exceptions', code: 'WASM_FEATURE_REFUSED', names: OFFSET,
    bytes: agent({ more: '(tag $oops) (func (throw $oops))' }),
  },
  {
    what: 'a struct of the GC proposal', code: 'WASM_FEATURE_REFUSED', names: OFFSET,
    bytes: () => binary([1, [1, 0x5f, 1, I32, 0]]),
  },
  { what: 'two memories', bytes: () => binaryAgent([0, 0x41, 0, END], [2, 0, 1, 0, 1]), code: 'WASM_FEATURE_REFUSED', names: OFFSET },
  {
    what: 'table.fill', code: 'WASM_FEATURE_REFUSED', names: OFFSET,
    bytes: agent({ more: '(table $t 10 funcref) (func (table.fill $t (i32.const 0) (ref.null func) (i32.const 10)))' }),
  },
]

const LIMITS: readonly BadModule[] = [
  {
    what: 'a giant table', code: 'WASM_LIMIT_EXCEEDED', names: /table entries: 10000000.*at byte/,
    bytes: agent({ more: '(table 10000000 funcref)' }),
  },
  {
    what: 'more memory than an agent may have', code: 'WASM_LIMIT_EXCEEDED', names: /memory pages: 257/,
    bytes: agent({ memory: '(memory (export "memory") 257)' }),
  },
  {
    what: 'more types than V8 can tell apart in time', code: 'WASM_LIMIT_EXCEEDED', names: /types: 10000, .*at byte/,
    bytes: () => binary([1, [...leb(10_000), ...repeated(10_000, [0x60, 0, 0])]]),
  },
  { what: '2,000 locals', bytes: () => body(2_000, repeated(30_000, BRANCH)), code: 'WASM_LIMIT_EXCEEDED', names: /locals/ },
  {
    what: 'a compile bomb of branches', code: 'WASM_LIMIT_EXCEEDED', names: /compile effort of a function/,
    bytes: () => body(997, repeated(30_000, BRANCH)),
  },
  {
    what: 'a compile bomb of empty loops', code: 'WASM_LIMIT_EXCEEDED', names: /compile effort of a function/,
    bytes: () => body(997, repeated(20_000, LOOP)),
  },
  {
    what: 'a compile bomb of many functions', code: 'WASM_LIMIT_EXCEEDED', names: /compile effort of the module/,
    bytes: module(agentText({ more: bombs(17) })),
  },
  {
    what: 'a giant function', code: 'WASM_LIMIT_EXCEEDED', names: /bytes of a function/,
    bytes: () => body(1, repeated(100_000, [0x20, 0, 0x1a])),
  },
  {
    what: 'blocks within blocks', code: 'WASM_LIMIT_EXCEEDED', names: /nested/,
    bytes: () => body(1, [...repeated(600, [0x02, 0x40]), ...repeated(600, [END])]),
  },
]

const EXPORTS: readonly BadModule[] = [
  ...['caxton_abi_1', 'caxton_alloc', 'caxton_handle', 'memory'].map((name): BadModule => ({
    what: `no export "${name}"`, bytes: module(without(name)), code: 'WASM_EXPORT_MISSING', names: new RegExp(`"${name}"`),
  })),
  {
    what: 'a mistyped export', code: 'WASM_EXPORT_MISTYPED', names: /caxton_tick/,
    bytes: agent({ more: '(func (export "caxton_tick") (param i64))' }),
  },
  {
    what: 'a function where memory is expected', code: 'WASM_EXPORT_MISTYPED', names: /memory/,
    bytes: agent({ memory: '(memory 1) (func (export "memory"))' }),
  },
  {
    what: 'a reserved export', code: 'WASM_EXPORT_RESERVED', names: /__caxton_fuel/,
    bytes: agent({ more: '(func (export "__caxton_fuel"))' }),
  },
]

/** Functions that cost the compiler 2.6 million each: fifteen are what a module may have. */
export function bombs (count: number): string {
  const locals = `(local ${'i32 '.repeat(990)})`
  const one = `(func ${locals} ${'(block (br_if 0 (local.get 0)))'.repeat(1_300)})`
  return one.repeat(count)
}

/** Everything that is no agent, and is known to be none before any of it runs. */
export const BAD_MODULES: readonly BadModule[] =
  [...FORMAT, ...IMPORTS, ...FEATURES, ...LIMITS, ...EXPORTS]
