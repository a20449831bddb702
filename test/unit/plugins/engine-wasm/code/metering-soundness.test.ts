import { expect } from 'chai'
import fc from 'fast-check'
import { GuestFault } from '../../../../../kernel/contract/index.js'
import { assembleAgent } from '../../../../support/wasm/assemble.js'
import { deploy, TEST_LIMITS } from '../../../../support/wasm/deploy.js'

/** A piece of a program with arbitrary control flow. Numbers choose among the blocks that are open where it stands. */
type Piece =
  | { readonly kind: 'work', readonly units: number }
  | { readonly kind: 'block' | 'loop', readonly body: readonly Piece[] }
  | { readonly kind: 'if', readonly body: readonly Piece[], readonly other: readonly Piece[] }
  | { readonly kind: 'br' | 'br_if', readonly target: number }
  | { readonly kind: 'br_table', readonly targets: readonly number[] }
  | { readonly kind: 'return' | 'call' }

const { program } = fc.letrec<{ piece: Piece, program: readonly Piece[] }>(tie => {
  const body = tie('program')
  const target = fc.nat(9)
  const kind = <K extends Piece['kind']>(...kinds: readonly K[]): fc.Arbitrary<K> => fc.constantFrom(...kinds)
  const targets = fc.array(target, { minLength: 1, maxLength: 4 })
  return {
    program: fc.array(tie('piece'), { maxLength: 4 }),
    piece: fc.oneof(
      { maxDepth: 5 },
      { weight: 4, arbitrary: fc.record({ kind: kind('work'), units: fc.integer({ min: 100, max: 500 }) }) },
      { weight: 2, arbitrary: fc.record({ kind: kind('br_if', 'br'), target }) },
      { weight: 1, arbitrary: fc.record({ kind: kind('br_table'), targets }) },
      { weight: 1, arbitrary: fc.record({ kind: kind('return', 'call') }) },
      { weight: 4, arbitrary: fc.record({ kind: kind('block', 'loop'), body }) },
      { weight: 3, arbitrary: fc.record({ kind: kind('if'), body, other: body }) },
    ),
  }
})

/** `(call $dice)` draws a number; every unit of work is one instruction that the program really runs. */
function textOf (pieces: readonly Piece[], open: number): string {
  return pieces.map(piece => {
    switch (piece.kind) {
      case 'work': return `${'nop '.repeat(piece.units)} (global.set $done (i32.add (global.get $done) (i32.const ${piece.units})))`
      case 'block': return `(block ${textOf(piece.body, open + 1)})`
      case 'loop': return `(loop ${textOf(piece.body, open + 1)})`
      case 'if': {
        const other = piece.other.length === 0 ? '' : `(else ${textOf(piece.other, open + 1)})`
        return `(if (call $dice) (then ${textOf(piece.body, open + 1)}) ${other})`
      }
      case 'br': return `br ${piece.target % open}`
      case 'br_if': return `(br_if ${piece.target % open} (call $dice))`
      case 'br_table': return `(br_table ${piece.targets.map(target => target % open).join(' ')} (call $roll))`
      case 'return': return 'return'
      case 'call': return '(call $program)'
    }
  }).join('\n')
}

const agentOf = (pieces: readonly Piece[]) => assembleAgent({
  handle: '(call $program) i32.const 0',
  more: `
    (global $seed (mut i32) (i32.const 12345))
    (func $roll (result i32)
      (global.set $seed (i32.add (i32.mul (global.get $seed) (i32.const 1103515245)) (i32.const 12345)))
      (i32.and (i32.shr_u (global.get $seed) (i32.const 16)) (i32.const 3)))
    (func $dice (result i32) (i32.and (call $roll) (i32.const 1)))
    (global $done (mut i32) (i32.const 0))
    (func $program ${textOf(pieces, 1)})
    (func (export "caxton_save") (result i64) (i32.store (i32.const 0) (global.get $done)) i64.const 4)
    (func (export "caxton_load") (param i32 i32 i32) (result i32) i32.const 0)`,
})

describe('engine-wasm: metering', () => {
  it('charges at least what a program does, whatever its control flow, and stops it before it does more', async () => {
    const limits = { ...TEST_LIMITS, fuelPerMessage: 50_000 }
    const outcomes = { ended: 0, stopped: 0 }
    await fc.assert(fc.asyncProperty(program, async pieces => {
      const guest = await deploy(await agentOf(pieces), undefined, limits)
      guest.start(new Uint8Array(0))
      let used: number
      try {
        guest.handle(new Uint8Array(1), 0, 1)
        used = guest.fuelUsed()
        outcomes.ended++
      } catch (error) {
        if (!(error instanceof GuestFault) || error.kind !== 'fuel') throw error
        used = limits.fuelPerMessage
        outcomes.stopped++
      }
      const saved = guest.save() ?? new Uint8Array(4)
      const done = new DataView(saved.buffer).getUint32(0, true)
      expect(done).to.be.at.most(used)
    }), { numRuns: 1_000 })
    expect(outcomes.ended).to.be.greaterThan(30)
    expect(outcomes.stopped).to.be.greaterThan(5)
  }).timeout(60_000)

  it('charges for the arm that is longer, not for both, and nothing for code that nothing reaches', async () => {
    const nops = (count: number): string => 'nop '.repeat(count)
    const guest = await deploy(await assembleAgent({
      handle: `(if (local.get $length) (then ${nops(1_000)}) (else ${nops(900)})) (return (i32.const 0)) ${nops(5_000)}`,
    }))
    guest.start(new Uint8Array(0))
    guest.handle(new Uint8Array(1), 0, 1)
    expect(guest.fuelUsed()).to.be.within(1_000, 1_050)
  })

  it('charges a loop again on every pass, and the code around it once', async () => {
    const guest = await deploy(await assembleAgent({
      handle: `(local $i i32) ${'nop '.repeat(2_000)}
        (loop (local.set $i (i32.add (local.get $i) (i32.const 1))) (br_if 0 (i32.lt_u (local.get $i) (i32.const 100))))
        i32.const 0`,
    }))
    guest.start(new Uint8Array(0))
    guest.handle(new Uint8Array(1), 0, 1)
    expect(guest.fuelUsed()).to.be.within(2_000 + 100 * 9, 2_000 + 100 * 20)
  })

  it('adds up what stands before a loop and after the block that the loop jumps out of', async () => {
    const guest = await deploy(await assembleAgent({
      handle: `(block ${'nop '.repeat(1_000)} (loop (loop ${'nop '.repeat(100)} (br 2)))) ${'nop '.repeat(700)} i32.const 0`,
    }))
    guest.start(new Uint8Array(0))
    guest.handle(new Uint8Array(1), 0, 1)
    expect(guest.fuelUsed()).to.be.within(1_800, 1_860)
  })
})
