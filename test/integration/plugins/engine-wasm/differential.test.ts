import { createHash } from 'node:crypto'
import { expect } from 'chai'
import { HOOK } from '../../../../plugins/engine-wasm/module/hooks.js'
import { isArtefact } from '../../../../plugins/engine-wasm/wasm-artefact.js'
import { assembleAgent } from '../../../support/wasm/assemble.js'
import { compileAssemblyScript } from '../../../support/wasm/assembly-script.js'
import { prepare } from '../../../support/wasm/deploy.js'

const KERNELS = [
  'recursion', 'sieve', 'sha-256', 'strings and a map', 'indirect calls', 'matrix', 'mandelbrot', 'sort', 'vectors', 'bulk memory',
  'a state machine', 'objects', 'deep recursion', 'division',
]

type HookEntry = (hook: number, a: number, b: number, c: number) => bigint

const BUDGET = 10_000_000_000n

/** The metered form of a module, ready to be entered without a host. */
async function metered (bytes: Uint8Array): Promise<WebAssembly.Instance> {
  const { artefact } = await prepare(bytes)
  if (!isArtefact(artefact)) throw new Error('no artefact')
  const instance = instantiate(artefact.module)
  const { __caxton_hook: hook, __caxton_fuel: fuel } = instance.exports
  if (fuel instanceof WebAssembly.Global) fuel.value = BUDGET
  if (typeof hook === 'function') (hook as HookEntry)(HOOK.begin, 0, 0, 0)
  return instance
}

function instantiate (module: WebAssembly.Module): WebAssembly.Instance {
  return new WebAssembly.Instance(module, { env: { abort: () => { throw new Error('abort') } } })
}

function run (instance: WebAssembly.Instance, kernel: number): { result: unknown, memory: string } {
  const { caxton_tick: tick, __caxton_hook: hook, memory, __caxton_fuel: fuel } = instance.exports
  if (!(memory instanceof WebAssembly.Memory)) throw new Error('exports are missing')
  if (fuel instanceof WebAssembly.Global) fuel.value = BUDGET
  const result = typeof tick === 'function'
    ? (tick as (kernel: number) => number)(kernel)
    : Number((hook as HookEntry)(HOOK.tick, kernel, 0, 0))
  return { result, memory: createHash('sha256').update(new Uint8Array(memory.buffer)).digest('hex') }
}

describe('engine-wasm: metered modules compute what the originals compute', () => {
  const builds: ReadonlyArray<readonly [name: string, flags: readonly string[]]> = [
    ['optimised', ['-O3', '--runtime', 'minimal']],
    ['not optimised', ['-O0', '--runtime', 'incremental']],
  ]
  for (const [name, flags] of builds) {
    describe(`AssemblyScript, ${name}`, () => {
      let original: WebAssembly.Instance
      let rewritten: WebAssembly.Instance

      before(async function () {
        this.timeout(60_000)
        const bytes = await compileAssemblyScript('kernels', [...flags, '--enable', 'simd', '--maximumMemory', '256'])
        original = instantiate(new WebAssembly.Module(bytes))
        rewritten = await metered(bytes)
      })

      KERNELS.forEach((kernel, id) => {
        it(kernel, () => {
          const expected = run(original, id)
          expect(expected.result).to.not.equal(-1)
          expect(run(rewritten, id)).to.deep.equal(expected)
        }).timeout(20_000)
      })
    })
  }

  const texts: ReadonlyArray<readonly [name: string, tick: string, more: string]> = [
    ['loops with parameters and several results', `
      (call $swap (local.get $id) (i32.const 40))
      (loop $next (param i32 i32) (result i32)
        (local.set $b) (local.set $a)
        (local.set $a (i32.add (i32.mul (local.get $a) (i32.const 3)) (local.get $b)))
        (local.set $b (i32.sub (local.get $b) (i32.const 1)))
        (local.get $a) (local.get $b)
        (br_if $next (i32.ne (local.get $b) (i32.const 0)))
        drop)`,
      '(func $swap (param i32 i32) (result i32 i32) (local.get 0) (local.get 1))'],
    ['tail calls', '(return_call $down (i32.const 10000) (local.get $id))', `
      (func $down (param i32 i32) (result i32)
        (if (i32.eqz (local.get 0)) (then (return (local.get 1))))
        (return_call $down (i32.sub (local.get 0) (i32.const 1)) (i32.add (i32.mul (local.get 1) (i32.const 31)) (local.get 0))))`],
    ['passive data', `
      (memory.init $d (i32.const 100) (i32.const 1) (i32.const 3))
      (data.drop $d)
      (memory.copy (i32.const 101) (i32.const 100) (i32.const 3))
      (i32.load (i32.const 100))`, '(data $d "abcdef")'],
    ['references and tables', `
      (table.set $t (i32.const 1) (ref.func $five))
      (table.set $t (i32.const 2) (table.get $t (i32.const 1)))
      (i32.add (call_indirect $t (result i32) (i32.const 2))
        (i32.add (ref.is_null (table.get $t (i32.const 0))) (table.size $t)))`,
      '(table $t 3 funcref) (elem declare func $five) (func $five (result i32) i32.const 5)'],
    ['saturating conversions and sign extension', `
      (i32.add (i32.trunc_sat_f64_s (f64.const 1e30)) (i32.extend8_s (i32.add (local.get $id) (i32.const 0x80))))`, ''],
    ['code that nothing reaches', `
      (block (result i32)
        (br 0 (i32.const 7))
        (loop (br_table 0 (i32.const 1)) memory.fill (if (then unreachable) (else (return (i32.const 1)))))
        i32.const 2)`, ''],
    ['jumps out of nested loops', `
      (loop $a (loop $b
        (local.set $a (i32.add (local.get $a) (i32.const 1)))
        (br_if $b (i32.lt_u (i32.rem_u (local.get $a) (i32.const 7)) (i32.const 6)))
        (br_if $a (i32.lt_u (local.get $a) (i32.const 500)))))
      (local.get $a)`, ''],
  ]
  for (const [name, tick, more] of texts) {
    it(`text: ${name}`, async () => {
      const bytes = await assembleAgent({ tick: `(local $a i32) (local $b i32) ${tick}`, more })
      for (const id of [1, 2, 77]) {
        const original = instantiate(new WebAssembly.Module(bytes))
        expect(run(await metered(bytes), id)).to.deep.equal(run(original, id))
      }
    })
  }
})
