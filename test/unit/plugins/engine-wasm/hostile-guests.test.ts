import { expect } from 'chai'
import { GuestFault, type FaultKind, type Guest } from '../../../../kernel/contract/index.js'
import { assembleAgent, type AgentParts } from '../../../support/wasm/assemble.js'
import { deploy, TEST_LIMITS } from '../../../support/wasm/deploy.js'
import { RecordingHost } from '../../../support/wasm/recording-host.js'

const FRAME = new Uint8Array(96)
const SEND = '(import "caxton" "send" (func $send (param i32 i32) (result i32)))'
const LARGE = '(memory (export "memory") 200)'

/** Hands in one message and answers the fault it ends in. */
function faultOf (action: () => unknown): GuestFault {
  try {
    action()
  } catch (error) {
    if (error instanceof GuestFault) return error
    throw error
  }
  throw new Error('the guest was not stopped')
}

async function started (parts: AgentParts, host = new RecordingHost()): Promise<Guest> {
  const guest = await deploy(await assembleAgent(parts), host)
  guest.start(new Uint8Array(0))
  return guest
}

describe('engine-wasm: hostile guests', () => {
  const attacks: ReadonlyArray<readonly [what: string, kind: FaultKind, parts: AgentParts]> = [
    ['loops for ever', 'fuel', { handle: '(loop br 0) i32.const 0' }],
    ['loops for ever by a table', 'fuel', { handle: '(loop (br_table 0 0 0 (i32.const 1))) i32.const 0' }],
    ['loops for ever in loops', 'fuel', { handle: '(loop $a (loop $b (br_if $b (i32.const 0)) br $a)) i32.const 0' }],
    ['loops for ever through a conditional jump', 'fuel', { handle: '(loop (br_if 0 (i32.const 1))) i32.const 0' }],
    ['fills memory', 'fuel', {
      memory: LARGE, handle: '(loop (memory.fill (i32.const 0) (i32.const 1) (i32.const 8388608)) br 0) i32.const 0',
    }],
    ['copies memory', 'fuel', {
      memory: LARGE, handle: '(loop (memory.copy (i32.const 0) (i32.const 4096) (i32.const 8388608)) br 0) i32.const 0',
    }],
    ['copies a passive segment again and again', 'fuel', {
      handle: '(loop (memory.init $d (i32.const 0) (i32.const 0) (i32.const 60000)) br 0) i32.const 0',
      more: `(data $d "${'a'.repeat(60_000)}")`,
    }],
    ['grows without end', 'fuel', { handle: '(loop (drop (memory.grow (i32.const 1))) br 0) i32.const 0' }],
    ['grows by nothing without end', 'fuel', { handle: '(loop (drop (memory.grow (i32.const 0))) br 0) i32.const 0' }],
    ['recurses', 'stack', { handle: '(call $r)', more: '(func $r (result i32) (i32.add (i32.const 1) (call $r)))' }],
    ['recurses with large frames', 'stack', {
      handle: '(call $r) i32.const 0', more: `(func $r (local ${'i64 '.repeat(900)}) (call $r) (local.set 0 (i64.const 1)))`,
    }],
    ['recurses through a table', 'stack', {
      handle: '(call $r) i32.const 0',
      more: '(type $t (func)) (table 1 funcref) (elem (i32.const 0) $r) (func $r (call_indirect (type $t) (i32.const 0)) nop)',
    }],
    ['recurses by tail calls', 'fuel', { handle: '(return_call $r)', more: '(func $r (result i32) (return_call $r))' }],
    ['branches in a tree of calls', 'fuel', {
      handle: '(call $r (i32.const 60)) i32.const 0',
      more: `(func $r (param i32) (if (local.get 0) (then
        (call $r (i32.sub (local.get 0) (i32.const 1))) (call $r (i32.sub (local.get 0) (i32.const 1))))))`,
    }],
    ['calls the host in a storm', 'fuel', {
      imports: SEND, handle: '(loop (drop (call $send (i32.const 0) (i32.const 96))) br 0) i32.const 0',
    }],
    ['calls the host in a storm through a table', 'fuel', {
      imports: SEND, more: '(type $t (func (param i32 i32) (result i32))) (table 1 funcref) (elem (i32.const 0) $send)',
      handle: '(loop (drop (call_indirect (type $t) (i32.const 0) (i32.const 96) (i32.const 0))) br 0) i32.const 0',
    }],
    ['writes to the log in a storm', 'fuel', {
      imports: '(import "caxton" "log" (func $log (param i32 i32 i32)))',
      handle: '(loop (call $log (i32.const 0) (i32.const 0) (i32.const 60000)) br 0) i32.const 0',
    }],
    ['traps', 'trap', { handle: 'unreachable' }],
    ['divides by zero', 'trap', { handle: '(i32.div_s (i32.const 1) (i32.const 0))' }],
    ['reads outside its memory', 'trap', { handle: '(i32.load (i32.const -4))' }],
    ['loops while it allocates', 'fuel', { alloc: '(loop br 0) i32.const 0' }],
    ['refuses to allocate', 'rejected', { alloc: 'i32.const 0' }],
    ['allocates outside its memory', 'memory', { alloc: 'i32.const 65500' }],
    ['allocates at a negative address', 'memory', { alloc: 'i32.const -8' }],
  ]
  for (const [what, kind, parts] of attacks) {
    it(`stops one that ${what}`, async () => {
      const guest = await started(parts)
      expect(faultOf(() => guest.handle(FRAME, 0, 96)).kind).to.equal(kind)
      const overdraft = 1_100_000
      expect(guest.fuelUsed()).to.be.within(0, TEST_LIMITS.fuelPerMessage + overdraft)
    })
  }

  it('stops a start function that loops, on the fuel for starting', async () => {
    const guest = await deploy(await assembleAgent({ more: '(func $s (loop br 0)) (start $s)' }))
    expect(faultOf(() => guest.start(new Uint8Array(0))).kind).to.equal('fuel')
    expect(guest.fuelUsed()).to.be.greaterThan(TEST_LIMITS.fuelPerStart)
  })

  it('stops one that loops in _initialize, caxton_init, caxton_tick, caxton_save, caxton_load and caxton_stop', async () => {
    const parts: AgentParts = {
      tick: '(loop br 0) i32.const 0',
      more: `(func (export "caxton_save") (result i64) (loop br 0) i64.const 0)
        (func (export "caxton_load") (param i32 i32 i32) (result i32) (loop br 0) i32.const 0)
        (func (export "caxton_stop") (loop br 0))`,
    }
    const guest = await started(parts)
    for (const action of [() => guest.tick(1), () => guest.save(), () => guest.load(FRAME, 1), () => guest.stop()]) {
      expect(faultOf(action).kind).to.equal('fuel')
    }
    for (const name of ['_initialize', 'caxton_init']) {
      const type = name === 'caxton_init' ? '(param i32 i32) (result i32)' : ''
      const body = name === 'caxton_init' ? 'i32.const 0' : ''
      const fresh = await deploy(await assembleAgent({ more: `(func (export "${name}") ${type} (loop br 0) ${body})` }))
      expect(faultOf(() => fresh.start(FRAME)).kind).to.equal('fuel')
    }
  })

  it('gives a memory without maximum no more than the limit', async () => {
    const guest = await started({ handle: '(memory.grow (i32.const 1000))' })
    expect(guest.handle(FRAME, 0, 96)).to.equal(-1)
    const full = await started({ handle: '(memory.grow (i32.const 255))' })
    expect(full.handle(FRAME, 0, 96)).to.equal(1)
    expect(full.memoryBytes()).to.equal(16 << 20)
  })

  it('lets a guest send at most as often as its fuel pays for', async () => {
    const host = new RecordingHost()
    const guest = await started({
      imports: SEND, handle: '(loop (drop (call $send (i32.const 0) (i32.const 96))) br 0) i32.const 0',
    }, host)
    faultOf(() => guest.handle(FRAME, 0, 96))
    expect(host.frames.length).to.be.within(150, 200)
  })

  it('never tears a host call in two, however close to the end of the stack the guest makes it', async () => {
    const host = new RecordingHost()
    let begun = 0
    let done = 0
    const nested = (depth: number): number => depth === 0 ? 0 : nested(depth - 1) + 1
    host.send = () => {
      begun++
      nested(8)
      done++
      return 0
    }
    for (let locals = 0; locals < 50; locals++) {
      const guest = await deploy(await assembleAgent({
        imports: SEND,
        handle: '(call $r) i32.const 0',
        more: `(func $r ${'(local i64)'.repeat(locals)} (drop (call $send (i32.const 0) (i32.const 96))) (call $r) nop)`,
      }), host, { ...TEST_LIMITS, fuelPerMessage: 1_000_000_000 })
      guest.start(new Uint8Array(0))
      expect(faultOf(() => guest.handle(FRAME, 0, 96)).kind).to.equal('stack')
    }
    expect(begun).to.be.greaterThan(1_000)
    expect(done).to.equal(begun)
  }).timeout(20_000)
})
