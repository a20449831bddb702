import { expect } from 'chai'
import { isArtefact } from '../../../../../plugins/engine-wasm/wasm-artefact.js'
import { assembleAgent } from '../../../../support/wasm/assemble.js'
import { deploy, prepare } from '../../../../support/wasm/deploy.js'

const NOTHING = new Uint8Array(0)

async function artefactOf (...parts: Parameters<typeof assembleAgent>) {
  const { artefact } = await prepare(await assembleAgent(...parts))
  if (!isArtefact(artefact)) throw new Error('no artefact')
  return artefact
}

describe('engine-wasm: hooks', () => {
  it('are entered through one export, so that an instance has few objects', async () => {
    const { module } = await artefactOf({ tick: 'i32.const 0', more: '(func (export "caxton_stop"))' })
    const names = Object.keys(new WebAssembly.Instance(module, {}).exports)
    expect(names.sort()).to.deep.equal(['__caxton_fuel', '__caxton_hook', 'caxton_alloc', 'caxton_handle', 'memory'])
  })

  it('are listed with the module, its start function among them', async () => {
    const more = '(func $s) (start $s) (func (export "_initialize")) (func (export "caxton_stop"))'
    expect((await artefactOf({ tick: 'i32.const 0', more })).hooks)
      .to.deep.equal(['begin', 'initialize', 'tick', 'stop'])
    expect((await artefactOf()).hooks).to.deep.equal([])
  })

  it('hand on answers below zero', async () => {
    const guest = await deploy(await assembleAgent({
      tick: 'i32.const -2147483648',
      more: '(func (export "caxton_init") (param i32 i32) (result i32) (i32.const -5))',
    }))
    expect(guest.start(NOTHING)).to.equal(-5)
    expect(guest.tick(0)).to.equal(-2_147_483_648)
  })

  it('get every operand in its place', async () => {
    const guest = await deploy(await assembleAgent({
      alloc: 'i32.const 4096',
      more: `(func (export "caxton_save") (result i64) (i64.const 0x0000100000000003))
        (func (export "caxton_load") (param i32 i32 i32) (result i32)
          (i32.add (i32.add (local.get 0) (i32.mul (local.get 1) (i32.const 100000)))
            (i32.mul (local.get 2) (i32.const 10000000))))`,
    }))
    guest.start(NOTHING)
    expect(guest.load(Uint8Array.of(1, 2, 3), 7)).to.equal(4_096 + 300_000 + 70_000_000)
    expect(guest.save()).to.deep.equal(Uint8Array.of(1, 2, 3))
  })

  it('pay the price of an import that serves as one', async () => {
    const guest = await deploy(await assembleAgent({
      imports: '(import "wasi_snapshot_preview1" "fd_close" (func $close (param i32) (result i32)))',
      more: '(export "caxton_tick" (func $close))',
    }))
    guest.start(NOTHING)
    expect(guest.tick(3)).to.equal(8)
    expect(guest.fuelUsed()).to.be.within(500, 600)
  })

  it('stay declared for references to them, though their exports are gone', async () => {
    const guest = await deploy(await assembleAgent({
      handle: '(ref.is_null (ref.func $hook))', more: '(func $hook (export "caxton_stop"))',
    }))
    guest.start(NOTHING)
    expect(guest.handle(NOTHING, 0, 0)).to.equal(0)
  })

  it('can not be entered by the module itself', async () => {
    const bytes = await assembleAgent({ handle: 'i32.const 0' })
    expect(await prepare(bytes).then(() => 'prepared')).to.equal('prepared')
    const more = '(func (export "__caxton_hook") (param i32 i32 i32 i32) (result i64) i64.const 0)'
    const refused = await prepare(await assembleAgent({ more })).catch((error: Error) => error.message)
    expect(refused).to.include('__caxton_hook')
  })
})
