import { expect } from 'chai'
import fc from 'fast-check'
import { ByteReader } from '../../../../../plugins/engine-wasm/module/byte-reader.js'
import { readSections, SECTION } from '../../../../../plugins/engine-wasm/module/sections.js'
import { DEFAULT_MODULE_LIMITS } from '../../../../../plugins/engine-wasm/module/module-limits.js'
import { rewriteModule } from '../../../../../plugins/engine-wasm/module/module-rewriter.js'
import { agentText, assemble } from '../../../../support/wasm/assemble.js'

/** What an agent has in memory when it begins, and in how many segments that came; 'trap' where it can not begin. */
interface Outcome {
  readonly memory: string
  readonly segments: number
}

const rewritten = (bytes: Uint8Array): Uint8Array =>
  rewriteModule(bytes, { granted: [], limits: DEFAULT_MODULE_LIMITS }).bytes

const ofData = (...data: string[]): Promise<Uint8Array> => assemble(agentText({ more: data.join('\n') }))

type Kind = 'constant' | 'computed' | 'passive'

function placed (kind: Kind, address: number, data: string): string {
  if (kind === 'passive') return `(data "${data}")`
  const place = kind === 'constant' ? `i32.const ${address}` : `i32.add (i32.const ${address}) (i32.const 0)`
  return `(data (${place}) "${data}")`
}

/** V8 11.3 knows no addresses that are computed. */
function compiles (bytes: Uint8Array): boolean {
  try {
    return new WebAssembly.Module(Uint8Array.from(bytes)) instanceof WebAssembly.Module
  } catch {
    return false
  }
}

function outcome (bytes: Uint8Array): Outcome {
  const segments = readSections(bytes, DEFAULT_MODULE_LIMITS).get(SECTION.data)?.u32() ?? 0
  const module = new WebAssembly.Module(Uint8Array.from(bytes))
  try {
    const { memory } = new WebAssembly.Instance(module).exports
    if (!(memory instanceof WebAssembly.Memory)) throw new Error('no memory')
    return { memory: Buffer.from(memory.buffer).toString('latin1'), segments }
  } catch (error) {
    if (error instanceof WebAssembly.RuntimeError) return { memory: 'trap', segments }
    throw error
  }
}

const segmentsAfter = async (...data: string[]): Promise<number> => outcome(rewritten(await ofData(...data))).segments

describe('engine-wasm: data segments', () => {
  it('are joined where they lie close together', async () => {
    expect(await segmentsAfter('(data (i32.const 8) "ab")', '(data (i32.const 10) "cd")', '(data (i32.const 268) "ef")')).to.equal(1)
  })

  it('stay apart where joining would fill much with zeros', async () => {
    expect(await segmentsAfter('(data (i32.const 8) "ab")', '(data (i32.const 267) "cd")')).to.equal(2)
  })

  it('do not cover what was written before with the zeros between them', async () => {
    const bytes = await ofData('(data (i32.const 60) "kept")', '(data (i32.const 8) "ab")', '(data (i32.const 80) "cd")')
    expect(outcome(rewritten(bytes)).memory.slice(60, 64)).to.equal('kept')
  })

  it('stay as they are where code names them', async () => {
    const data = ['(data (i32.const 8) "ab")', '(data (i32.const 10) "cd")', '(data "ef")']
    expect(await segmentsAfter(...data, '(func (data.drop 0))')).to.equal(3)
    expect(await segmentsAfter(...data, '(func (memory.init 2 (i32.const 0) (i32.const 0) (i32.const 1)))')).to.equal(3)
    expect(await segmentsAfter(...data)).to.equal(1)
  })

  it('fill the same memory, in whatever order they come and however they lie on each other', async () => {
    const computes = compiles(await ofData(placed('computed', 0, 'a')))
    const segment = fc.record({
      address: fc.oneof(fc.integer({ min: 0, max: 500 }), fc.integer({ min: 65_500, max: 65_540 }), fc.constant(-1)),
      kind: fc.constantFrom<Kind>('constant', 'constant', 'constant', 'passive', computes ? 'computed' : 'constant'),
      data: fc.stringMatching(/^[a-z]{0,60}$/),
    })
    await fc.assert(fc.asyncProperty(fc.array(segment, { maxLength: 12 }), async segments => {
      const bytes = await ofData(...segments.map(({ address, kind, data }) => placed(kind, address, data)))
      const before = outcome(bytes)
      const after = outcome(rewritten(bytes))
      expect(after.memory === before.memory, 'the memory').to.equal(true)
      expect(after.segments).to.be.at.most(before.segments)
    }), { numRuns: 300 })
  })

  it('must be as many as were announced', async () => {
    const bytes = await ofData('(data "ab")', '(func (data.drop 0))')
    const announced = readSections(bytes, DEFAULT_MODULE_LIMITS).get(SECTION.dataCount)
    if (!(announced instanceof ByteReader)) throw new Error('no data count')
    bytes[announced.start] = 2
    expect(() => rewritten(bytes)).to.throw('there are 1 data segments where 2 were announced')
    expect(() => rewritten(bytes.subarray(0, readSections(bytes, DEFAULT_MODULE_LIMITS).get(SECTION.code)?.end)))
      .to.throw('there are 0 data segments where 2 were announced')
  })
})
