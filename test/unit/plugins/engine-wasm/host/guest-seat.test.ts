import { expect } from 'chai'
import { GuestFault, HOST_CALLS, HOST_RESULTS } from '../../../../../kernel/contract/index.js'
import { MouldTable } from '../../../../../plugins/engine-wasm/guest-mould.js'
import { TermsTable } from '../../../../../plugins/engine-wasm/guest-terms.js'
import { GuestSeat } from '../../../../../plugins/engine-wasm/host/guest-seat.js'
import { hostImportNames } from '../../../../../plugins/engine-wasm/host/host-imports.js'
import { bindImports } from '../../../../../plugins/engine-wasm/host/bind-imports.js'
import { WordSource } from '../../../../../plugins/engine-wasm/host/word-source.js'
import { isArtefact } from '../../../../../plugins/engine-wasm/wasm-artefact.js'
import { Instances } from '../../../../../plugins/engine-wasm/instances.js'
import { WasmGuest } from '../../../../../plugins/engine-wasm/wasm-guest.js'
import { assembleAgent, type AgentParts } from '../../../../support/wasm/assemble.js'
import { prepare, TEST_LIMITS } from '../../../../support/wasm/deploy.js'
import { RecordingHost } from '../../../../support/wasm/recording-host.js'

const NOTHING = new Uint8Array(0)

/** Sends the eight bytes that its configuration left at 1,024, and keeps the length of the latest message there. */
const SPEAKER: AgentParts = {
  imports: `(import "caxton" "send" (func $send (param i32 i32) (result i32)))
    (import "caxton" "log" (func $log (param i32 i32 i32)))`,
  alloc: '(select (i32.const 2048) (i32.const 1024) (global.get $up))',
  handle: '(drop (call $send (i32.const 1024) (i32.const 8))) i32.const 0',
  more: `(global $up (mut i32) (i32.const 0))
    (func (export "caxton_init") (param i32 i32) (result i32) (global.set $up (i32.const 1))
      (call $log (i32.const 1) (i32.const 1024) (i32.const 8)) i32.const 0)`,
}

async function mouldOf (parts: AgentParts) {
  const { artefact } = await prepare(await assembleAgent(parts))
  if (!isArtefact(artefact)) throw new Error('no artefact')
  return new MouldTable(new GuestSeat(4_096), new WordSource()).of(artefact)
}

type Mould = Awaited<ReturnType<typeof mouldOf>>
const terms = new TermsTable().of(TEST_LIMITS)

function startedIn (mould: Mould, host: RecordingHost, configuration = 'somebody') {
  const guest = new WasmGuest(mould, new Instances(), host, terms)
  guest.start(Buffer.from(configuration))
  return guest
}

/** Calls what the guests of a mould import, as if it had been handed out. */
function callOf (imports: WebAssembly.Imports, module: string, name: string): (...numbers: unknown[]) => unknown {
  const called = imports[module]?.[name]
  if (typeof called !== 'function') throw new Error(`${name} is not imported`)
  return called as (...numbers: unknown[]) => unknown
}

const sent = (host: RecordingHost): string[] => host.frames.map(frame => Buffer.from(frame).toString())

describe('engine-wasm: the functions that guests of one module share', () => {
  it('are the same ones for all of them', async () => {
    const { artefact } = await prepare(await assembleAgent(SPEAKER))
    if (!isArtefact(artefact)) throw new Error('no artefact')
    const moulds = new MouldTable(new GuestSeat(4_096), new WordSource())
    expect(moulds.of(artefact)).to.equal(moulds.of(artefact))
  })

  it('act for the guest that was entered, with its own memory and host, however the turns alternate', async () => {
    const mould = await mouldOf(SPEAKER)
    const hosts = [new RecordingHost(), new RecordingHost(), new RecordingHost()]
    const guests = hosts.map((host, position) => startedIn(mould, host, `agent #${position}`))
    for (const turn of [0, 1, 2, 2, 0, 1, 0]) guests[turn]?.handle(NOTHING, 0, 0)
    expect(hosts.map(host => host.lines)).to.deep.equal([[[1, 'agent #0']], [[1, 'agent #1']], [[1, 'agent #2']]])
    expect(hosts.map(sent)).to.deep.equal([
      ['agent #0', 'agent #0', 'agent #0'], ['agent #1', 'agent #1'], ['agent #2', 'agent #2'],
    ])
  })

  it('hold each guest to its own size of messages', async () => {
    const mould = await mouldOf(SPEAKER)
    const narrow = new WasmGuest(mould, new Instances(), new RecordingHost(), new TermsTable().of({ ...TEST_LIMITS, messageBytes: 7 }))
    const wide = new RecordingHost()
    narrow.start(Buffer.from('somebody'))
    const other = startedIn(mould, wide)
    narrow.handle(NOTHING, 0, 0)
    other.handle(NOTHING, 0, 0)
    expect((narrow.host as RecordingHost).frames).to.deep.equal([])
    expect(sent(wide)).to.deep.equal(['somebody'])
  })

  const ends: ReadonlyArray<readonly [how: string, handle: string]> = [
    ['returned', 'i32.const 0'],
    ['trapped', 'unreachable'],
    ['used up its fuel', '(loop $l (br $l)) i32.const 0'],
    ['recursed too deeply', '(call $deep) i32.const 0'],
  ]
  for (const [how, handle] of ends) {
    it(`do nothing once the guest has ${how}`, async () => {
      const mould = await mouldOf({
        ...SPEAKER, handle, more: `${SPEAKER.more} (func $deep (call $deep) (call $deep))`,
      })
      const host = new RecordingHost()
      const guest = startedIn(mould, host)
      const calls = [...host.calls]
      if (how === 'returned') guest.handle(NOTHING, 0, 0)
      else expect(() => guest.handle(NOTHING, 0, 0)).to.throw(GuestFault)
      expect(mould.seat.occupant).to.not.equal(guest)
      expect(callOf(mould.imports, 'caxton', 'send')(1024, 8)).to.be.below(0)
      expect(callOf(mould.imports, 'caxton', 'send')(0, 0)).to.equal(HOST_RESULTS.unavailable)
      callOf(mould.imports, 'caxton', 'log')(1, 1024, 8)
      expect([host.calls, host.lines]).to.deep.equal([calls, [[1, 'somebody']]])
    })
  }

  it('do nothing before a guest is entered and after its start, timers, state and end', async () => {
    const mould = await mouldOf({
      ...SPEAKER, tick: 'i32.const 0', more: `${SPEAKER.more}
        (func (export "caxton_save") (result i64) (i64.const 0x0000040000000008))
        (func (export "caxton_load") (param i32 i32 i32) (result i32) i32.const 0) (func (export "caxton_stop"))`,
    })
    const host = new RecordingHost()
    const guest = new WasmGuest(mould, new Instances(), host, terms)
    const free = mould.seat.occupant
    const entries = [
      () => guest.start(Buffer.from('somebody')), () => guest.tick(1), () => guest.save(),
      () => guest.load(NOTHING, 1), () => guest.stop(),
    ]
    for (const enter of entries) {
      enter()
      expect(mould.seat.occupant).to.equal(free)
    }
  })

  it('do nothing for a guest whose turn another one has ended', async () => {
    const mould = await mouldOf(SPEAKER)
    const [outer, inner] = [new RecordingHost(), new RecordingHost()]
    const other = startedIn(mould, inner)
    const guest = startedIn(mould, outer)
    outer.send = () => {
      other.handle(NOTHING, 0, 0)
      return callOf(mould.imports, 'caxton', 'send')(0, 0) as number
    }
    guest.handle(NOTHING, 0, 0)
    expect(sent(inner)).to.deep.equal(['somebody'])
  })

  it('reach nothing, all of them, while nobody has the seat', () => {
    const names = hostImportNames().map(item => item.split('.') as [string, string])
    const imports = bindImports(names, new GuestSeat(4_096))
    for (const [module, name] of names) {
      const call = callOf(imports, module, name)
      if (name === 'abort' || name === 'proc_exit') expect(() => call(0, 0, 0, 0), name).to.throw(GuestFault)
      else if (name === 'clock_time_get') expect(call(0, 0n, 0), name).to.equal(21)
      else expect([undefined, 0n, 0, 8, 21, 28, 52, ...Object.values(HOST_RESULTS)], name).to.include(call(0, 0, 0, 0))
    }
    for (const name of HOST_CALLS.filter(call => !['self', 'now', 'lookup', 'log'].includes(call))) {
      expect(callOf(imports, 'caxton', name)(0, 0), name).to.be.oneOf([HOST_RESULTS.unavailable])
    }
  })
})
