import { expect } from 'chai'
import { isCaxtonError, type CaxtonError, type HostCall } from '../../../../kernel/contract/index.js'
import { agentText, assemble, assembleAgent, type AgentParts } from '../../../support/wasm/assemble.js'
import { binary, binaryAgent } from '../../../support/wasm/binary.js'
import { prepare } from '../../../support/wasm/deploy.js'

async function refusal (bytes: Uint8Array, granted?: readonly HostCall[]): Promise<CaxtonError<Record<string, unknown>>> {
  try {
    await prepare(bytes, granted)
  } catch (error) {
    if (isCaxtonError(error)) return error as CaxtonError<Record<string, unknown>>
    throw error
  }
  throw new Error('the module was accepted')
}

const refused = async (parts: AgentParts, granted?: readonly HostCall[]) => refusal(await assembleAgent(parts), granted)

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)

describe('engine-wasm: what is refused at upload', () => {
  const notWasm: ReadonlyArray<readonly [what: string, bytes: Uint8Array, reason: RegExp, offset: number]> = [
    ['an empty upload', new Uint8Array(0), /empty/, 0],
    ['bytes that are no WebAssembly', bytesOf('hello'), /does not begin with/, 0],
    ['WebAssembly text', bytesOf('(module)'), /assemble it first/, 0],
    ['a native program', bytesOf('\u007fELF\u0002'), /native program/, 0],
    ['a cut-off preamble', Uint8Array.of(0, 0x61, 0x73, 0x6d, 1), /ends too early/, 5],
    ['another version', Uint8Array.of(0, 0x61, 0x73, 0x6d, 2, 0, 0, 0), /version is not 1/, 4],
    ['a section that runs over the end', concat(binary(), [1, 9]), /too early/, 10],
    ['an unknown section', binary([14, []]), /no section 14/, 8],
    ['a section that comes twice', binary([1, [0]], [1, [0]]), /twice/, 11],
    ['sections out of order', binary([3, [0]], [1, [0]]), /out of order/, 11],
    ['a type index out of range', binary([1, [0]], [3, [1, 7]]), /no type 7/, 14],
    ['a number with too many bits', binary([1, [0xff, 0xff, 0xff, 0xff, 0x7f]]), /32 bits/, 10],
    ['leftover bytes in a section', binary([1, [0, 0]]), /left over/, 11],
    ['a local out of range', binaryAgent([0, 0x20, 5, 0x0b]), /no local 5/, -1],
    ['the scratch local by its index', binaryAgent([0, 0x20, 2, 0x0b]), /no local 2/, -1],
    ['the fuel by its index', binaryAgent([0, 0x23, 0, 0x0b]), /no global 0/, -1],
    ['a trampoline by its index', binaryAgent([0, 0x10, 3, 0x0b]), /no function 3/, -1],
    ['a jump out of nowhere', binaryAgent([0, 0x0c, 1, 0x0b]), /no block 1/, -1],
    ['an else without if', binaryAgent([0, 0x05, 0x0b]), /else has no if/, -1],
    ['a body that goes on after its end', binaryAgent([0, 0x41, 0, 0x0b, 0x01]), /left over/, -1],
    ['a body without an end', binaryAgent([0, 0x41, 0]), /too early/, -1],
    ['operands of the wrong type', binaryAgent([0, 0x42, 0, 0x0b]), /type error|expected type/, -1],
    ['more than one memory index', binaryAgent([0, 0x3f, 1, 0x0b]), /one memory/, -1],
  ]
  for (const [what, bytes, reason, offset] of notWasm) {
    it(`refuses ${what} and names the byte`, async () => {
      const error = await refusal(bytes)
      expect(error.code).to.equal('INVALID_WASM')
      expect(error.message).to.match(reason)
      if (offset >= 0) expect(error.details.offset).to.equal(offset)
      else expect(error.details.offset).to.be.within(8, bytes.length)
    })
  }

  const features: ReadonlyArray<readonly [what: string, parts: AgentParts, feature: RegExp]> = [
    ['shared memory', { memory: '(memory (export "memory") 1 2 shared)' }, /threads.*shared memory/],
    ['64-bit memory', { memory: '(memory (export "memory") i64 1)' }, /64-bit memory/],
    ['atomics', { handle: '(i32.atomic.load (i32.const 0))' }, /threads.*0xfe/],
    ['waiting', { handle: '(memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const -1))' }, /threads/],
    ['an exception tag', { more: '(tag $e)' }, /exceptions.*tag section/],
    ['an imported memory', { imports: '(import "env" "memory" (memory 1))', memory: '' }, /a memory "env.memory"/],
    ['an imported global', { imports: '(import "env" "g" (global i32))' }, /a global "env.g"/],
    ['an imported table', { imports: '(import "env" "t" (table 1 funcref))' }, /a table "env.t"/],
    ['table.fill', { more: '(table 1 funcref) (func (table.fill 0 (i32.const 0) (ref.null func) (i32.const 1)))' }, /table\.fill/],
    ['table.grow', { more: '(table 1 funcref) (func (drop (table.grow 0 (ref.null func) (i32.const 1))))' }, /table\.grow/],
    ['table.copy', { more: '(table 1 funcref) (func (table.copy (i32.const 0) (i32.const 0) (i32.const 1)))' }, /table\.copy/],
    ['table.init', {
      more: '(table 1 funcref) (elem $e func) (func (table.init $e (i32.const 0) (i32.const 0) (i32.const 0)))',
    }, /table\.init/],
    ['elem.drop', { more: '(table 1 funcref) (elem $e func) (func (elem.drop $e))' }, /elem\.drop/],
    ['relaxed vectors', {
      more: '(func (param v128) (drop (i32x4.relaxed_trunc_f32x4_s (local.get 0))))',
    }, /relaxed vector/],
  ]
  for (const [what, parts, feature] of features) {
    it(`refuses ${what} and names it`, async () => {
      const error = await refused(parts)
      expect(error.code).to.equal('WASM_FEATURE_REFUSED')
      expect(error.message).to.match(feature)
      expect(error.details.offset).to.be.a('number')
    })
  }

  const bytes: ReadonlyArray<readonly [what: string, bytes: Uint8Array, feature: RegExp]> = [
    ['a component', Uint8Array.of(0, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0), /component/],
    ['a struct type', binary([1, [1, 0x5f, 0]]), /garbage-collected/],
    ['a recursive type group', binary([1, [1, 0x4e, 0]]), /garbage-collected/],
    ['a reference to a type', binary([1, [1, 0x60, 1, 0x64, 0, 0]]), /typed references/],
    ['try', binaryAgent([0, 0x06, 0x40, 0x0b, 0x41, 0, 0x0b]), /exceptions.*0x06/],
    ['throw', binaryAgent([0, 0x08, 0, 0x0b]), /exceptions.*0x08/],
    ['try_table', binaryAgent([0, 0x1f, 0x40, 0, 0x0b]), /exceptions.*0x1f/],
    ['a garbage-collected instruction', binaryAgent([0, 0xfb, 0, 0, 0x0b]), /garbage-collected types.*0xfb/],
    ['call_ref', binaryAgent([0, 0x14, 0, 0x0b]), /typed function references/],
    ['an unassigned opcode', binaryAgent([0, 0xff, 0x0b]), /unknown instruction/],
    ['two memories', binaryAgent([0, 0x41, 0, 0x0b], [2, 0, 1, 0, 1]), /more than one memory/],
  ]
  for (const [what, module, feature] of bytes) {
    it(`refuses ${what}`, async () => {
      const error = await refusal(module)
      expect(error.code).to.equal('WASM_FEATURE_REFUSED')
      expect(error.message).to.match(feature)
    })
  }

  it('refuses an import that was not granted, by name', async () => {
    const error = await refused({ imports: '(import "caxton" "call" (func (param i32 i32) (result i32)))' }, ['send'])
    expect(error.code).to.equal('WASM_IMPORT_NOT_GRANTED')
    expect(error.kind).to.equal('denied')
    expect(error.details).to.include({ item: 'caxton.call', grant: 'call' })
  })

  it('refuses a system call whose host call was not granted', async () => {
    const error = await refused({
      imports: '(import "wasi_snapshot_preview1" "fd_write" (func (param i32 i32 i32 i32) (result i32)))',
    }, ['send'])
    expect(error.details).to.include({ item: 'wasi_snapshot_preview1.fd_write', grant: 'log' })
  })

  for (const [module, name] of [['caxton', 'http'], ['wasi_snapshot_preview1', 'path_open'], ['env', 'memcpy'], ['x', 'send']]) {
    it(`refuses the unknown import ${module}.${name}`, async () => {
      const error = await refused({ imports: `(import "${module}" "${name}" (func))` })
      expect(error.code).to.equal('WASM_IMPORT_UNKNOWN')
      expect(error.details.item).to.equal(`${module}.${name}`)
    })
  }

  it('refuses an import of another type and shows both', async () => {
    const error = await refused({ imports: '(import "caxton" "send" (func (param i32) (result i64)))' })
    expect(error.code).to.equal('WASM_IMPORT_MISTYPED')
    expect(error.details).to.include({ found: '(i32) -> i64', expected: '(i32, i32) -> i32' })
  })

  for (const item of ['memory', 'caxton_abi_1', 'caxton_alloc', 'caxton_handle']) {
    it(`refuses a module without the export ${item}`, async () => {
      const error = await refusal(await assemble(agentText().replace(`(export "${item}")`, '')))
      expect(error.code).to.equal('WASM_EXPORT_MISSING')
      expect(error.details.item).to.equal(item)
    })
  }

  it('refuses a module that saves but can not load', async () => {
    const error = await refused({ more: '(func (export "caxton_save") (result i64) i64.const 0)' })
    expect(error.code).to.equal('WASM_EXPORT_MISSING')
    expect(error.details.item).to.equal('caxton_load')
  })

  it('refuses an export of another type or kind', async () => {
    const typed = await refused({ more: '(func (export "caxton_init") (param i32))' })
    expect(typed.code).to.equal('WASM_EXPORT_MISTYPED')
    expect(typed.details).to.include({ item: 'caxton_init', found: '(i32) -> ()', expected: '(i32, i32) -> i32' })
    const kind = await refused({ more: '(global (export "caxton_tick") i32 (i32.const 0))' })
    expect(kind.details).to.include({ item: 'caxton_tick', found: 'a global' })
  })

  it('refuses a reserved export, so that nobody can offer a counter of his own', async () => {
    const error = await refused({ more: '(global (export "__caxton_fuel") (mut i64) (i64.const 0))' })
    expect(error.code).to.equal('WASM_EXPORT_RESERVED')
    expect(error.details.item).to.equal('__caxton_fuel')
  })

  const limits: ReadonlyArray<readonly [what: string, parts: AgentParts, limit: RegExp]> = [
    ['a memory larger than the limit', { memory: '(memory (export "memory") 257)' }, /memory pages/],
    ['a giant table', { more: '(table 10000000 funcref)' }, /table entries/],
    ['many tables', { more: '(table 1 funcref)'.repeat(5) }, /tables/],
    ['many types', { more: manyTypes(1_001, 10) }, /^types$/],
    ['many types of many parameters', { more: manyTypes(500, 21) }, /parameters and results of all types/],
    ['many locals', { more: `(func (local ${'i64 '.repeat(1001)}))` }, /locals/],
    ['many parameters', { more: `(func (param ${'i64 '.repeat(1001)}))` }, /locals/],
    ['a wide br_table', { more: `(func (br_table ${'0 '.repeat(4098)} (i32.const 0)))` }, /br_table/],
    ['a deep operand stack', { more: `(func ${'i32.const 0 '.repeat(1001)} ${'drop '.repeat(1001)})` }, /operands/],
    ['a long function', { more: `(func ${'nop '.repeat(262_144)})` }, /bytes of a function body/],
    ['many branches over many locals', {
      more: `(func (local ${'i64 '.repeat(900)}) ${'(block (br_if 0 (i32.const 1)))'.repeat(2_300)})`,
    }, /compile effort of a function/],
    ['many such functions', {
      more: `(func (local ${'i64 '.repeat(900)}) ${'(block (br_if 0 (i32.const 1)))'.repeat(2_000)})`.repeat(12),
    }, /compile effort of the module/],
    ['many imports', { imports: '(import "env" "abort" (func (param i32 i32 i32 i32)))'.repeat(65) }, /imports/],
  ]
  for (const [what, parts, limit] of limits) {
    it(`refuses ${what} and names the limit`, async () => {
      const error = await refused(parts)
      expect(error.code).to.equal('WASM_LIMIT_EXCEEDED')
      expect(error.kind).to.equal('exhausted')
      expect(error.details.limit).to.match(limit)
      expect(error.details.value).to.be.greaterThan(error.details.max as number)
    })
  }

  it('refuses deeply nested blocks', async () => {
    const nested = Array<number[]>(600).fill([0x02, 0x40]).flat()
    const error = await refusal(binaryAgent([0, ...nested, ...Array<number>(600).fill(0x0b), 0x41, 0, 0x0b]))
    expect(error.details.limit).to.equal('nested blocks')
  })

  it('refuses locals whose counts overflow 32 bits when added', async () => {
    const many = [0xff, 0xff, 0xff, 0xff, 0x0f, 0x7f]
    const error = await refusal(binaryAgent([2, ...many, ...many, 0x41, 0, 0x0b]))
    expect(error.details.limit).to.equal('locals of a function')
  })

  it('refuses a module above the size limit before it reads it', async () => {
    const error = await refusal(new Uint8Array((4 << 20) + 1))
    expect(error.details).to.include({ limit: 'module bytes', value: (4 << 20) + 1 })
  })
})

/** Function types that differ from one another. */
function manyTypes (count: number, parameters: number): string {
  const words = (serial: number): string[] => Array.from({ length: parameters }, (_, bit) => (serial >> bit & 1) === 0 ? 'i32' : 'i64')
  return Array.from({ length: count }, (_, serial) => `(type (func (param ${words(serial).join(' ')})))`).join('')
}

function concat (first: Uint8Array, second: readonly number[]): Uint8Array {
  return Uint8Array.of(...first, ...second)
}
