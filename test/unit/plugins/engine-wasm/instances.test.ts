import { expect } from 'chai'
import sinon from 'sinon'
import { WasmGuestFactory } from '../../../../plugins/engine-wasm/guest-factory.js'
import { DEFAULT_SETTINGS } from '../../../../plugins/engine-wasm/wasm-settings.js'
import { assembleAgent } from '../../../support/wasm/assemble.js'
import { prepare, TEST_LIMITS } from '../../../support/wasm/deploy.js'
import { RecordingHost } from '../../../support/wasm/recording-host.js'

const NOTHING = new Uint8Array(0)
/** Answers how many frames it has had. */
const COUNTER = {
  handle: '(global.set $count (i32.add (global.get $count) (i32.const 1))) global.get $count',
  more: '(global $count (mut i32) (i32.const 0))',
}

async function artefactOf (memory = 1): Promise<unknown> {
  const { artefact } = await prepare(await assembleAgent({ ...COUNTER, memory: `(memory (export "memory") ${memory})` }))
  return artefact
}

describe('engine-wasm: instances in advance', () => {
  let factory: WasmGuestFactory
  let made: number
  const start = (artefact: unknown) => {
    const guest = factory.create(artefact, new RecordingHost(), TEST_LIMITS)
    guest.start(NOTHING)
    return guest
  }
  const makeAll = (): number => {
    const before = made
    for (let isMore = true; isMore; isMore = factory.makeReady()) continue
    return made - before
  }

  beforeEach(() => {
    factory = new WasmGuestFactory(DEFAULT_SETTINGS)
    made = 0
    const { Instance } = WebAssembly
    sinon.replace(WebAssembly, 'Instance', new Proxy(Instance, {
      construct (target, [module, imports]: [WebAssembly.Module, WebAssembly.Imports]) {
        made += 1
        return new target(module, imports)
      },
    }))
  })

  afterEach(() => { sinon.restore() })

  it('are made of a module of which a second guest was wanted, and a few only', async () => {
    const artefact = await artefactOf()
    start(artefact)
    expect(makeAll()).to.equal(0)
    start(artefact)
    expect(makeAll()).to.equal(4)
    expect(factory.makeReady()).to.equal(false)
  })

  it('are what the next guests get, each its own', async () => {
    const artefact = await artefactOf()
    const guests = [start(artefact), start(artefact)]
    makeAll()
    const before = made
    guests.push(start(artefact), start(artefact))
    expect(made).to.equal(before)
    const frame = Uint8Array.of(1)
    expect(guests.map(guest => [guest.handle(frame, 0, 1), guest.handle(frame, 0, 1)])).to.deep.equal(guests.map(() => [1, 2]))
    expect(makeAll()).to.equal(2)
  })

  it('go with the artefact, and when many others were used since', async () => {
    const [first, ...others] = await Promise.all(Array.from({ length: 9 }, async () => artefactOf()))
    const use = (artefact: unknown): void => {
      start(artefact)
      start(artefact)
      makeAll()
    }
    use(first)
    factory.forget(first)
    const before = made
    start(first)
    expect(made).to.equal(before + 1)
    makeAll()
    others.forEach(use)
    const after = made
    start(first)
    expect(made).to.equal(after + 1)
  })

  it('are not made of a module that begins with much memory', async () => {
    const artefact = await artefactOf(17)
    start(artefact)
    start(artefact)
    expect(makeAll()).to.equal(0)
  })
})
