import { expect } from 'chai'
import { isCaxtonError } from '../../../../kernel/contract/index.js'
import { assembleAgent } from '../../../support/wasm/assemble.js'
import { binaryAgent } from '../../../support/wasm/binary.js'
import { prepare, preparer, TEST_LIMITS } from '../../../support/wasm/deploy.js'

describe('engine-wasm: what a module turns into', () => {
  it('says which host calls it uses, once each, those behind system calls included', async () => {
    const { uses, keepsState } = await prepare(await assembleAgent({
      imports: `(import "caxton" "timer" (func (param i32 i32) (result i32)))
        (import "wasi_snapshot_preview1" "clock_time_get" (func (param i32 i64 i32) (result i32)))
        (import "caxton" "now" (func (result i64)))`,
    }))
    expect(uses).to.deep.equal(['now', 'timer'])
    expect(keepsState).to.equal(false)
  })

  it('knows that an agent keeps state', async () => {
    const { keepsState } = await prepare(await assembleAgent({
      more: `(func (export "caxton_save") (result i64) i64.const 0)
        (func (export "caxton_load") (param i32 i32 i32) (result i32) i32.const 0)`,
    }))
    expect(keepsState).to.equal(true)
  })

  it('needs no grant for what a module does not import', async () => {
    const { uses } = await prepare(await assembleAgent(), [])
    expect(uses).to.deep.equal([])
  })

  it('says that a module is sound when all is checked but the types of operands', async () => {
    const said: string[] = []
    const tell = async (what: string, bytes: Uint8Array): Promise<void> => {
      const prepared = preparer.prepare(bytes, [], TEST_LIMITS, () => said.push(`${what} is sound`))
      await prepared.then(() => said.push(`${what} is ready`), () => {})
    }
    await tell('an agent', await assembleAgent())
    await tell('an operand of the wrong type', binaryAgent([0, 0x42, 0, 0x0b]))
    await tell('a body without an end', binaryAgent([0, 0x41, 0]))
    expect(said).to.deep.equal(['an agent is sound', 'an agent is ready', 'an operand of the wrong type is sound'])
  })

  it('drops custom sections', async () => {
    const agent = binaryAgent([0, 0x41, 0, 0x0b])
    const named = Uint8Array.of(...agent, 0, 5, 4, 0x6e, 0x61, 0x6d, 0x65)
    expect((await prepare(named)).codeBytes).to.equal((await prepare(agent)).codeBytes)
  })

  it('follows the memory limit that it is given', async () => {
    const bytes = await assembleAgent({ memory: '(memory (export "memory") 3)' })
    const limits = { ...TEST_LIMITS, memoryBytes: 2 * 65_536 }
    const error = await prepare(bytes, [], limits).catch((reason: unknown) => reason)
    expect(isCaxtonError(error) && error.details).to.include({ limit: 'memory pages', value: 3, max: 2 })
  })
})
