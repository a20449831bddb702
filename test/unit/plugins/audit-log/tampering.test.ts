import { expect } from 'chai'
import fc from 'fast-check'
import { finishedLog, verified } from '../../../support/audit/audit-scene.js'
import type { MemoryFolder } from '../../../support/audit/memory-folder.js'

const RUNS = process.env['CAXTON_TEST_LONG'] === '1' ? 5_000 : 60

describe('a tampered audit log', () => {
  let log: MemoryFolder
  /** Every line with its place. */
  let places: Array<{ readonly segment: number, readonly index: number }>

  before(async () => {
    log = await finishedLog()
    places = [...log.files.keys()].flatMap(segment => log.lines(segment).map((_, index) => ({ segment, index })))
  })

  it('is whole before', async () => {
    const { flaw, records, segments } = await verified(log)
    expect(flaw).to.equal(undefined)
    expect(records).to.equal(places.length)
    expect(segments).to.be.greaterThan(3)
  })

  it('is found when any byte is changed, in its segment and line', async () => {
    await fc.assert(fc.asyncProperty(fc.nat(), fc.nat(), fc.integer({ min: 1, max: 255 }), async (which, where, change) => {
      const copy = log.copy()
      const segment = [...copy.files.keys()][which % copy.files.size] ?? 1
      const bytes = copy.files.get(segment) ?? Buffer.alloc(0)
      const at = where % bytes.length
      const line = bytes.subarray(0, at).filter(byte => byte === 0x0a).length + 1
      bytes[at] = (bytes[at] ?? 0) ^ change
      const { flaw } = await verified(copy)
      expect(flaw?.segment).to.equal(segment)
      expect(flaw?.line).to.be.oneOf([0, line, line + 1])
      expect(flaw?.line === line || at === bytes.length - 1 || bytes.indexOf(0x0a, at) === at).to.equal(true)
    }), { numRuns: RUNS })
  })

  it('is found when any record is removed, at the one that follows', async () => {
    for (const { segment, index } of places) {
      const copy = log.copy()
      const lines = copy.lines(segment)
      copy.rewrite(segment, lines.toSpliced(index, 1))
      const { flaw } = await verified(copy)
      expect(flaw, `segment ${segment}, line ${index + 1}`).to.not.equal(undefined)
      if (index > 0 && index < lines.length - 1) expect(flaw).to.include({ segment, line: index + 1 })
    }
  })

  it('is found when any two records change places, at the first of them', async () => {
    await fc.assert(fc.asyncProperty(fc.nat(), fc.nat(), async (one, other) => {
      const [a, b] = [places[one % places.length], places[other % places.length]]
      if (a === undefined || b === undefined || a === b) return
      const [first, second] = places.indexOf(a) < places.indexOf(b) ? [a, b] : [b, a]
      const copy = log.copy()
      const [early, late] = [log.lines(first.segment)[first.index] ?? '', log.lines(second.segment)[second.index] ?? '']
      copy.rewrite(second.segment, copy.lines(second.segment).with(second.index, early))
      copy.rewrite(first.segment, copy.lines(first.segment).with(first.index, late))
      expect((await verified(copy)).flaw).to.include({ segment: first.segment, line: first.index + 1 })
    }), { numRuns: RUNS })
  })

  it('is found when its end is cut off, at a record or within one', async () => {
    const last = Math.max(...log.files.keys())
    const bytes = log.files.get(last) ?? Buffer.alloc(0)
    for (let size = 0; size < bytes.length; size += 37) {
      const copy = log.copy()
      copy.files.set(last, bytes.subarray(0, size))
      expect((await verified(copy)).flaw?.segment, `cut at ${size}`).to.equal(last)
    }
  })

  it('is found when two segments change places, or one is missing', async () => {
    for (const segment of log.files.keys()) {
      const swapped = log.copy()
      const other = segment === 1 ? 2 : segment - 1
      swapped.files.set(segment, log.files.get(other) ?? Buffer.alloc(0))
      swapped.files.set(other, log.files.get(segment) ?? Buffer.alloc(0))
      expect((await verified(swapped)).flaw).to.include({ segment: Math.min(segment, other), line: 1 })
      const without = log.copy()
      without.files.delete(segment)
      expect((await verified(without)).flaw, `without ${segment}`).to.not.equal(undefined)
    }
  })

  it('is found when the head is missing or changed', async () => {
    const missing = log.copy()
    missing.headBytes = undefined
    expect((await verified(missing)).flaw?.why).to.contain('head.json is missing')
    const changed = log.copy()
    changed.headBytes = Buffer.from(Buffer.from(log.headBytes ?? []).toString('latin1').replace(/"seq":(\d)/, '"seq":1'))
    expect((await verified(changed)).flaw?.why).to.contain('head.json is not as it was written')
  })

  it('is found when records are added behind its end without the key', async () => {
    const copy = log.copy()
    const last = Math.max(...copy.files.keys())
    copy.rewrite(last, [...copy.lines(last), copy.lines(last).at(-1) ?? ''])
    expect((await verified(copy)).flaw?.segment).to.equal(last)
  })

  it('is found when all of it was written anew with another key, by who names the right one', async () => {
    const forged = await finishedLog()
    const [right] = (await verified(log)).signers
    expect((await verified(log, { signers: [right?.id ?? ''] })).flaw).to.equal(undefined)
    expect((await verified(forged, { signers: [right?.id ?? ''] })).flaw?.why).to.contain('not one of the keys that were named')
  })
})
