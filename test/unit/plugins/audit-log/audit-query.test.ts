import { expect } from 'chai'
import fc from 'fast-check'
import { openLine } from '../../../../plugins/audit-log/chain/sealed-line.js'
import { queryAudit, type AuditQuestion } from '../../../../plugins/audit-log/reading/audit-query.js'
import { linesOf } from '../../../../plugins/audit-log/reading/lines.js'
import { openAudit } from '../../../support/audit/audit-scene.js'
import { MemoryFolder } from '../../../support/audit/memory-folder.js'

const RUNS = process.env['CAXTON_TEST_LONG'] === '1' ? 50_000 : 500
const HOUR = 3_600_000

describe('questions to the audit log', () => {
  let folder: MemoryFolder
  let began: number

  before(async () => {
    const scene = await openAudit(new MemoryFolder(), { segmentAge: 3 * HOUR })
    folder = scene.folder
    began = scene.clock.now()
    for (let hour = 0; hour < 10; hour++) {
      await scene.writer.keep({
        event: hour % 2 === 0 ? 'intent' : 'refused', principal: `key:${hour < 5 ? 'ann' : 'bob'}`, operation: 'caxton.v1.Agents/Deploy',
        resource: `agent.${hour}`, result: 'ok',
      })
      await scene.clock.pass(HOUR)
    }
    await scene.writer.stop()
  })

  const ask = async (question: AuditQuestion): Promise<string[]> => {
    const found: string[] = []
    for await (const { line } of queryAudit(folder, question, new AbortController().signal)) {
      const resource = openLine(Buffer.from(line))?.body['resource']
      if (typeof resource === 'string') found.push(resource)
    }
    return found
  }

  it('find by principal, event and name, with * for anything', async () => {
    expect(await ask({ principal: 'key:ann', event: 'refused' })).to.deep.equal(['agent.1', 'agent.3'])
    expect(await ask({ principal: 'key:*', operation: '*/Deploy', resource: 'agent.9' })).to.deep.equal(['agent.9'])
    expect(await ask({ resource: 'agent?9' })).to.deep.equal([])
    expect(await ask({ resource: 'agentx9' })).to.deep.equal([])
  })

  it('find by time, over segments', async () => {
    expect(await ask({ event: 'intent', since: began + 4 * HOUR, until: began + 8 * HOUR })).to.deep.equal(['agent.4', 'agent.6'])
  })

  it('find the last ones only', async () => {
    expect(await ask({ event: 'refused', last: 2 })).to.deep.equal(['agent.7', 'agent.9'])
    expect(await ask({ event: 'refused', last: 0 })).to.deep.equal([])
  })

  it('are refused beyond so many last ones', async () => {
    const error = await ask({ last: 10_001 }).then(() => undefined, (thrown: unknown) => thrown)
    expect(error).to.have.property('code', 'AUDIT_QUERY_INVALID')
  })

  it('read lines out of bytes in any pieces, and no line out of a record that is none', async () => {
    await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), fc.integer({ min: 1, max: 50 }), async (bytes, piece) => {
      async function * pieces () {
        for (let at = 0; at < bytes.length; at += piece) yield bytes.subarray(at, at + piece)
      }
      const parts: Buffer[] = []
      for await (const line of linesOf(pieces())) {
        expect(line.offset).to.equal(Buffer.concat(parts).length)
        parts.push(Buffer.from(line.bytes), ...line.isWhole ? [Buffer.from('\n')] : [])
        expect(openLine(line.bytes)).to.equal(undefined)
      }
      expect(Buffer.concat(parts).equals(bytes)).to.equal(true)
    }), { numRuns: RUNS })
  })
})
