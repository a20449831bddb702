import { appendFileSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { expect } from 'chai'
import fc from 'fast-check'
import { checkStateFile, compareKeys, entriesOf, StateFileWriter, type StateEntry } from '../../../../../kernel/contract/index.js'
import { codeOf } from '../../../../support/code-of.js'
import { TemporaryFolder } from '../../../../support/temporary-folder.js'

const HEADER = { created: '2030-01-01T00:00:00.000Z', prefix: '', newest: 7 }
const RUNS = process.env['CAXTON_TEST_LONG'] === '1' ? 2000 : 20
const ENTRIES: readonly StateEntry[] = [
  { key: 'agents/a/1', version: 1, json: '{"x":[1,"\\u0000"]}' }, { key: 'agents/a/\u00e4', version: 7, json: '12345678901234567890.50' },
  { key: 'shared/s/\u{1f600}', version: 3, json: '"line\u2028break"' },
]

async function all (file: string): Promise<StateEntry[]> {
  const found: StateEntry[] = []
  for await (const entry of entriesOf(file)) found.push(entry)
  return found
}

/** Real files, because what is tested is what is left of them. */
describe('A file of state', () => {
  let folder: TemporaryFolder
  let file = ''
  const write = async (entries: readonly StateEntry[], into = file): Promise<void> => {
    const writer = await StateFileWriter.open(into, HEADER)
    for (const entry of entries) await writer.add(entry)
    await writer.finish()
  }
  beforeEach(() => {
    folder = new TemporaryFolder()
    file = folder.file('state.ndjson')
  })
  afterEach(() => { folder.remove() })

  it('gives back every entry, character for character, and is for its owner alone', async () => {
    await write(ENTRIES)
    expect(await all(file)).to.deep.equal(ENTRIES)
    const { header, end } = await checkStateFile(file)
    expect(header).to.deep.equal(HEADER)
    expect(end.entries).to.equal(3)
    expect(statSync(file).mode & 0o077).to.equal(0)
  })

  it('is never overwritten', async () => {
    await write(ENTRIES)
    expect(await codeOf(write([]))).to.equal('STATE_EXPORT_FILE_EXISTS')
  })

  it('gives back whatever entries there are', async () => {
    const json = fc.json()
    const keys = fc.uniqueArray(fc.string({ unit: 'binary', minLength: 1, maxLength: 8 }).filter(key => !/\p{Surrogate}/u.test(key)))
    let run = 0
    await fc.assert(fc.asyncProperty(keys, fc.array(json, { minLength: 8, maxLength: 8 }), async (names, texts) => {
      const entries = names.toSorted(compareKeys).map((key, i) => ({ key, version: i, json: texts[i % 8] ?? 'null' }))
      const into = folder.file(`run-${run++}`)
      await write(entries, into)
      expect(await all(into)).to.deep.equal(entries)
    }), { numRuns: RUNS })
  }).timeout(60_000)

  it('shows every change, cut and addition', async () => {
    await write(ENTRIES)
    const whole = readFileSync(file)
    const refused = async (bytes: Uint8Array, what: string): Promise<void> => {
      writeFileSync(folder.file('damaged'), bytes)
      expect(await codeOf(all(folder.file('damaged'))), what).to.equal('STATE_EXPORT_FILE_INVALID')
    }
    for (let at = 0; at < whole.length - 1; at += 7) {
      await refused(whole.subarray(0, at), `cut at ${at}`)
      const changed = Buffer.from(whole)
      changed[at] = (changed[at] ?? 0) ^ 1
      await refused(changed, `changed at ${at}`)
    }
    const lines = whole.toString().split('\n')
    await refused(Buffer.from(lines.toSpliced(1, 1).join('\n')), 'without its first entry')
    await refused(Buffer.from(lines.toSpliced(1, 2, lines[2] ?? '', lines[1] ?? '').join('\n')), 'in another order')
    await refused(Buffer.concat([whole, whole]), 'twice')
    expect(await codeOf(all(folder.file('nowhere')))).to.equal('STATE_EXPORT_FILE_INVALID')
  })

  it('is gone on with after an interruption, without what was cut off', async () => {
    const part = `${file}.part`
    const first = await StateFileWriter.open(file, HEADER)
    for (const entry of ENTRIES.slice(0, 2)) await first.add(entry)
    await first.leave()
    truncateSync(part, statSync(part).size - 5)
    const second = await StateFileWriter.open(file, { ...HEADER, newest: 9 })
    expect([second.entries, second.last]).to.deep.equal([1, 'agents/a/1'])
    await second.leave()
    appendFileSync(part, 'no line at all\n')
    const third = await StateFileWriter.open(file, HEADER)
    for (const entry of ENTRIES.slice(1)) await third.add(entry)
    await third.finish()
    expect(await all(file)).to.deep.equal(ENTRIES)
  })

  it('is begun anew when what was left had another prefix', async () => {
    const first = await StateFileWriter.open(file, { ...HEADER, prefix: 'shared/' })
    await first.add({ key: 'shared/s/1', version: 1, json: '1' })
    await first.leave()
    await write(ENTRIES)
    expect(await all(file)).to.deep.equal(ENTRIES)
  })
})
