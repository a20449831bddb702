import { expect } from 'chai'
import { GuestFault, HOST_CALLS, isCaxtonError, type GuestLimits, type PreparedModule } from '../../../../kernel/contract/index.js'
import { WasmGuestFactory } from '../../../../plugins/engine-wasm/guest-factory.js'
import { wasmErrors } from '../../../../plugins/engine-wasm/wasm-errors.js'
import { DEFAULT_SETTINGS } from '../../../../plugins/engine-wasm/wasm-settings.js'
import { assembleAgent } from '../../../support/wasm/assemble.js'
import { compileAssemblyScript } from '../../../support/wasm/assembly-script.js'
import { preparer } from '../../../support/wasm/deploy.js'
import { RecordingHost } from '../../../support/wasm/recording-host.js'

const COUNT = Number(process.env['CAXTON_FUZZ_MODULES'] ?? (process.env['CAXTON_TEST_LONG'] === '1' ? 20_000 : 2_000))
const SEED = Number(process.env['CAXTON_FUZZ_SEED'] ?? Date.now() % 1_000_000_007)
const LIMITS: GuestLimits = { memoryBytes: 1 << 20, fuelPerMessage: 200_000, fuelPerStart: 400_000, messageBytes: 4_096 }
/** Far above what such a budget lasts; only a guest that escaped the meter would get there. */
const MILLISECONDS = 5_000
const CODES = new Set(wasmErrors.map(entry => entry.code))

/** mulberry32: small, fast, the same everywhere. */
function generator (seed: number): (below: number) => number {
  let state = seed >>> 0
  return below => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ state >>> 15, state | 1)
    mixed ^= mixed + Math.imul(mixed ^ mixed >>> 7, mixed | 61)
    return ((mixed ^ mixed >>> 14) >>> 0) % below
  }
}

/** Bytes that mean something somewhere in a module. */
const INTERESTING = [
  0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x0b, 0x0c, 0x0d, 0x0e, 0x10, 0x11, 0x12, 0x1a, 0x1b, 0x20, 0x21, 0x22, 0x23, 0x24,
  0x28, 0x36, 0x3f, 0x40, 0x41, 0x42, 0x60, 0x6a, 0x6f, 0x70, 0x7b, 0x7c, 0x7d, 0x7e, 0x7f, 0x80, 0xd2, 0xfc, 0xfd, 0xfe, 0xff,
]

function mutate (original: Uint8Array, random: (below: number) => number): Uint8Array {
  let bytes = [...original]
  for (let count = 1 + random(3); count > 0; count--) {
    const position = random(bytes.length)
    switch (random(6)) {
      case 0: bytes[position] = random(256); break
      case 1: bytes[position] = INTERESTING[random(INTERESTING.length)] ?? 0; break
      case 2: bytes[position] = (bytes[position] ?? 0) ^ 1 << random(8); break
      case 3: bytes.splice(position, 1); break
      case 4: bytes.splice(position, 0, INTERESTING[random(INTERESTING.length)] ?? 0); break
      default: {
        const length = 1 + random(16)
        const from = random(bytes.length)
        bytes = [...bytes.slice(0, position), ...bytes.slice(from, from + length), ...bytes.slice(position + length)]
      }
    }
  }
  return Uint8Array.from(bytes)
}

/** Every entry into the guest ends, well or in a declared fault. */
function runToTheEnd ({ artefact }: PreparedModule): void {
  const guest = new WasmGuestFactory(DEFAULT_SETTINGS).create(artefact, new RecordingHost(), LIMITS)
  const steps = [
    () => guest.start(Uint8Array.of(1, 2, 3)),
    () => guest.handle(new Uint8Array(100), 0, 100),
    ...Array.from({ length: 14 }, (_, id) => () => guest.tick(id)),
    () => guest.save(),
    () => guest.stop(),
  ]
  for (const step of steps) {
    const began = performance.now()
    try {
      step()
    } catch (error) {
      if (!(error instanceof GuestFault)) throw error
    }
    expect(performance.now() - began).to.be.below(MILLISECONDS)
  }
}

const TEXT_AGENT = assembleAgent({
  imports: `(import "caxton" "send" (func $send (param i32 i32) (result i32)))
    (import "caxton" "now" (func $now (result i64)))
    (import "caxton" "log" (func $log (param i32 i32 i32)))`,
  memory: '(memory (export "memory") 2 4)',
  handle: `(local $i i32) (local $v v128)
    (loop $next
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (block $a (block $b (block $c (br_table $a $b $c (i32.rem_u (local.get $i) (i32.const 4))))
        (drop (call $send (local.get $pointer) (local.get $length))))
        (memory.fill (i32.const 2048) (local.get $i) (i32.const 64)))
      (local.set $v (i32x4.add (local.get $v) (i32x4.splat (local.get $i))))
      (br_if $next (i32.lt_u (local.get $i) (i32.const 20))))
    (call $many (local.get $i)) (i32.add)`,
  tick: `(if (result i32) (i32.and (local.get $id) (i32.const 1))
      (then (call_indirect (param i32) (result i32) (local.get $id) (i32.and (local.get $id) (i32.const 3))))
      (else (drop (memory.grow (i32.const 1))) (return_call $count (local.get $id))))`,
  more: `(table $t 4 funcref) (elem (i32.const 0) $double $count $double $count)
    (global $g (mut i64) (i64.const 5)) (global $h f64 (f64.const 1.5))
    (data (i32.const 16) "hello") (data $passive "passive")
    (func $double (param i32) (result i32) (i32.mul (local.get 0) (i32.const 2)))
    (func $count (param i32) (result i32) (local i32)
      (loop (local.set 1 (i32.add (local.get 1) (i32.const 1))) (br_if 0 (i32.lt_u (local.get 1) (local.get 0)))) (local.get 1))
    (func $many (param i32) (result i32 i32) (local.get 0) (i32.wrap_i64 (call $now)))
    (func $start (call $log (i32.const 1) (i32.const 16) (i32.const 5)) (memory.init $passive (i32.const 32) (i32.const 0) (i32.const 7)))
    (start $start)
    (func (export "caxton_init") (param i32 i32) (result i32) i32.const 0)
    (func (export "caxton_save") (result i64) (i64.const 0x0000001000000005))
    (func (export "caxton_load") (param i32 i32 i32) (result i32) i32.const 0)`,
})

describe(`engine-wasm: ${COUNT} mutated modules, seed ${SEED}`, () => {
  let agents: readonly Uint8Array[]

  before(async function () {
    this.timeout(60_000)
    const script = await compileAssemblyScript('kernels', ['-O3', '--runtime', 'minimal', '--enable', 'simd'])
    agents = [await TEXT_AGENT, script]
  })

  it('are refused with a declared error, or run and come to an end', async () => {
    const random = generator(SEED)
    const outcomes = new Map<string, number>()
    for (let count = 0; count < COUNT; count++) {
      const original = agents[random(4) === 0 ? 1 : 0] ?? new Uint8Array(0)
      const bytes = mutate(original, random)
      const outcome = await preparer.prepare(bytes, HOST_CALLS, LIMITS).catch((error: unknown) => error)
      if (outcome instanceof Error) {
        const place = `module ${count} of seed ${SEED}: ${outcome.stack ?? outcome.message}`
        expect(isCaxtonError(outcome) && CODES.has(outcome.code) && outcome.code !== 'WASM_REWRITE_FAILED', place).to.equal(true)
      } else runToTheEnd(outcome as PreparedModule)
      const code = isCaxtonError(outcome) ? outcome.code : 'accepted'
      outcomes.set(code, (outcomes.get(code) ?? 0) + 1)
    }
    expect(outcomes.get('accepted') ?? 0, JSON.stringify([...outcomes])).to.be.within(COUNT / 50, COUNT * 0.9)
  }).timeout(60_000 + COUNT * 50)
})
