import { expect } from 'chai'
import { GuestFault } from '../../../../kernel/contract/index.js'
import { assembleAgent, type AgentParts } from '../../../support/wasm/assemble.js'
import { deploy, TEST_LIMITS } from '../../../support/wasm/deploy.js'
import { RecordingHost } from '../../../support/wasm/recording-host.js'

const NOTHING = new Uint8Array(0)

async function started (parts: AgentParts, host = new RecordingHost()) {
  const guest = await deploy(await assembleAgent(parts), host)
  guest.start(NOTHING)
  return guest
}

const SUM = `(local $sum i32) (block $end (loop $next
    (br_if $end (i32.eqz (local.get $length)))
    (local.set $length (i32.sub (local.get $length) (i32.const 1)))
    (local.set $sum (i32.add (local.get $sum) (i32.load8_u (i32.add (local.get $pointer) (local.get $length)))))
    (br $next))) (local.get $sum)`

describe('engine-wasm: a guest', () => {
  for (const length of [1, 7, 96, 511, 512, 513, 4_096]) {
    it(`gets a frame of ${length} bytes whole, wherever it lies in a larger buffer`, async () => {
      const guest = await started({ handle: SUM })
      const slab = Uint8Array.from({ length: length + 40 }, (_, position) => position * 7)
      for (const [begin, offset] of [[0, 8], [4, 8], [0, 3], [1, 9]] as const) {
        const sum = slab.slice(begin + offset, begin + offset + length).reduce((total, byte) => total + byte, 0)
        expect(guest.handle(slab.subarray(begin), offset, length)).to.equal(sum)
      }
    })
  }

  it('copies frames to unaligned addresses', async () => {
    const guest = await started({ alloc: 'i32.const 1021', handle: SUM })
    expect(guest.handle(Uint8Array.of(9, 9, 9, 9, 1, 2, 3, 4, 5), 4, 5)).to.equal(15)
  })

  it('hands in frames again after the memory has grown', async () => {
    const guest = await started({ alloc: '(drop (memory.grow (i32.const 1))) i32.const 1024', handle: SUM })
    for (let count = 0; count < 3; count++) expect(guest.handle(Uint8Array.of(1, 2, 3), 0, 3)).to.equal(6)
    expect(guest.memoryBytes()).to.equal(4 * 65_536)
  })

  it('runs start function, _initialize and caxton_init in this order, with the configuration', async () => {
    const guest = await deploy(await assembleAgent({
      more: `(global $order (mut i32) (i32.const 0))
        (func $next (param i32) (global.set $order (i32.add (i32.mul (global.get $order) (i32.const 10)) (local.get 0))))
        (func $start (call $next (i32.const 1))) (start $start)
        (func (export "_initialize") (call $next (i32.const 2)))
        (func (export "caxton_init") (param i32 i32) (result i32)
          (call $next (i32.const 3))
          (i32.add (i32.mul (global.get $order) (i32.const 100)) (i32.load8_u (local.get 0))))`,
    }))
    expect(guest.start(Uint8Array.of(42))).to.equal(12_342)
  })

  it('may call the host from its start function', async () => {
    const host = new RecordingHost()
    const guest = await deploy(await assembleAgent({
      imports: '(import "caxton" "log" (func $log (param i32 i32 i32)))',
      more: '(data (i32.const 0) "up") (func $s (call $log (i32.const 1) (i32.const 0) (i32.const 2))) (start $s)',
    }), host)
    guest.start(NOTHING)
    expect(host.lines).to.deep.equal([[1, 'up']])
  })

  it('answers zero where it has no hook', async () => {
    const guest = await started({})
    expect(guest.tick(3)).to.equal(0)
    expect(guest.save()).to.equal(undefined)
    expect(guest.load(NOTHING, 1)).to.equal(-8)
    guest.stop()
  })

  it('gets timers, saves and loads state', async () => {
    const guest = await started({
      tick: '(i32.store (i32.const 64) (local.get $id)) (i32.load (i32.const 64))',
      more: `(func (export "caxton_save") (result i64) (i64.const 0x0000004000000004))
        (func (export "caxton_load") (param i32 i32 i32) (result i32)
          (i32.store (i32.const 64) (i32.load (local.get 0))) (i32.add (local.get 1) (local.get 2)))`,
    })
    expect(guest.tick(0x01020304)).to.equal(0x01020304)
    expect(guest.save()).to.deep.equal(Uint8Array.of(4, 3, 2, 1))
    expect(guest.load(Uint8Array.of(9, 8, 7, 6), 3)).to.equal(7)
    expect(guest.save()).to.deep.equal(Uint8Array.of(9, 8, 7, 6))
  })

  it('is stopped when it saves a range outside its memory', async () => {
    const guest = await started({
      more: `(func (export "caxton_save") (result i64) (i64.const 0x0000ffff00000002))
        (func (export "caxton_load") (param i32 i32 i32) (result i32) i32.const 0)`,
    })
    expect(() => guest.save()).to.throw(GuestFault, 'outside its memory').with.property('kind', 'memory')
  })

  it('counts its fuel anew for every message', async () => {
    const guest = await started({ handle: SUM })
    guest.handle(new Uint8Array(100), 0, 100)
    const hundred = guest.fuelUsed()
    guest.handle(new Uint8Array(10), 0, 10)
    expect(guest.fuelUsed()).to.be.within(10, hundred / 5)
  })

  it('says that it was never started', async () => {
    const guest = await deploy(await assembleAgent())
    expect(() => guest.handle(NOTHING, 0, 0)).to.throw(GuestFault, 'never started')
    expect(guest.memoryBytes()).to.equal(0)
    expect(guest.fuelUsed()).to.equal(0)
    guest.stop()
  })

  it('is stopped when its data does not fit', async () => {
    const guest = await deploy(await assembleAgent({ more: '(data (i32.const 65535) "ab")' }))
    expect(() => guest.start(NOTHING)).to.throw(GuestFault, 'data').with.property('kind', 'trap')
  })

  it('is stopped when it has grown beyond limits that are lower than those it was prepared for', async () => {
    const { WasmGuestFactory } = await import('../../../../plugins/engine-wasm/guest-factory.js')
    const { DEFAULT_SETTINGS } = await import('../../../../plugins/engine-wasm/wasm-settings.js')
    const { prepare } = await import('../../../support/wasm/deploy.js')
    const { artefact } = await prepare(await assembleAgent({ alloc: '(drop (memory.grow (i32.const 3))) i32.const 8' }))
    const limits = { ...TEST_LIMITS, memoryBytes: 131_072 }
    const guest = new WasmGuestFactory(DEFAULT_SETTINGS).create(artefact, new RecordingHost(), limits)
    guest.start(NOTHING)
    expect(() => guest.handle(NOTHING, 0, 0)).to.throw(GuestFault, 'grew').with.property('kind', 'memory')
  })

  it('hands on an error of the host unchanged', async () => {
    const host = new RecordingHost()
    const bug = new Error('a bug of ours')
    host.self = () => { throw bug }
    const guest = await started({
      imports: '(import "caxton" "self" (func $self (result i64)))', handle: '(drop (call $self)) i32.const 0',
    }, host)
    expect(() => guest.handle(NOTHING, 0, 0)).to.throw(Error, 'a bug of ours').that.equals(bug)
  })
})
