import { existsSync } from 'node:fs'
import { expect } from 'chai'
import type { StateBackend } from '../../../../kernel/contract/index.js'
import { StateTransfer } from '../../../../plugins/tools-state/transfer/state-transfer.js'
import { MemoryState } from '../../../fixtures/state-backends/memory-state.js'
import { runStateCommand } from '../../../support/state/state-commands.js'
import { TemporaryFolder } from '../../../support/temporary-folder.js'

const MANY = 1200

async function filled (count = MANY): Promise<MemoryState> {
  const backend = new MemoryState()
  for (let at = 0; at < count; at += 400) {
    const numbers = Array.from({ length: 400 }, (_, i) => at + i)
    await backend.commit(numbers.map(each => ({ key: `agents/a/${String(each).padStart(5, '0')}`, json: String(each) })))
  }
  // Larger than one message may be, with characters of several bytes at every border.
  await backend.commit([{ key: 'shared/s/large', json: `"${'\u{1f600}'.repeat(700_000)}"` }])
  return backend
}

const contents = async (backend: StateBackend): Promise<Array<readonly [string, string | undefined]>> => {
  const { keys } = await backend.list('', undefined, 1000)
  return await Promise.all(keys.map(async key => [key, (await backend.get(key))?.json] as const))
}

/** Real files; the server between command and backend is left out. */
describe('Moving state from one backend to another', () => {
  let folder: TemporaryFolder
  let file = ''
  let source: MemoryState
  const run = (words: readonly string[], backend: StateBackend, setting = {}) => runStateCommand(words, new StateTransfer(backend), setting)
  before(async () => { source = await filled() })
  beforeEach(() => {
    folder = new TemporaryFolder()
    file = folder.file('state.ndjson')
  })
  afterEach(() => { folder.remove() })

  it('carries every key and value, counted and verified, with versions above all that were', async () => {
    const target = new MemoryState()
    const exported = await run(['state', 'export', file, '--output', 'json'], source)
    expect(exported.code).to.equal(0)
    expect(JSON.parse(exported.stdout)).to.deep.include({ file, entries: MANY + 1 })
    const imported = await run(['state', 'import', file, '--output', 'json'], target)
    expect(JSON.parse(imported.stdout)).to.deep.equal({ stored: MANY + 1, same: 0, kept: 0 })
    expect(await contents(target)).to.deep.equal(await contents(source))
    expect((await target.get('agents/a/00000'))?.version).to.be.above((await source.stats()).version)
    expect((await run(['state', 'verify', file], target)).code).to.equal(0)
    const again = await run(['state', 'import', file, '--output', 'json'], target)
    expect(JSON.parse(again.stdout)).to.deep.equal({ stored: 0, same: MANY + 1, kept: 0 })
  }).timeout(20_000)

  it('carries one prefix alone', async () => {
    await run(['state', 'export', file, '--prefix', 'shared/'], source)
    const target = new MemoryState()
    await target.commit([{ key: 'agents/b/x', json: '1' }])
    await run(['state', 'import', file], target)
    expect(await target.count('')).to.equal(2)
    expect((await run(['state', 'verify', file], target)).code).to.equal(0)
  })

  it('says what differs', async () => {
    const small = new MemoryState()
    await small.commit(['a', 'b', 'c'].map(key => ({ key: `agents/x/${key}`, json: '1' })))
    await run(['state', 'export', file], small)
    await small.commit([{ key: 'agents/x/a', json: '2' }, { key: 'agents/x/b', delete: true }, { key: 'agents/x/d', json: '1' }])
    const { code, stdout } = await run(['state', 'verify', file, '--output', 'json'], small)
    expect(code).to.equal(1)
    expect(JSON.parse(stdout)).to.deep.equal({
      isSame: false, same: 1, missing: 1, different: 1, more: 1, examples: ['agents/x/a', 'agents/x/b'],
    })
  })

  it('does with keys that have another value what it is told', async () => {
    const small = new MemoryState()
    await small.commit(['a', 'b'].map(key => ({ key: `agents/x/${key}`, json: '1' })))
    await run(['state', 'export', file], small)
    await small.commit([{ key: 'agents/x/b', json: '2' }])
    const refused = await run(['state', 'import', file], small)
    expect(refused.code).not.to.equal(0)
    expect(refused.stderr).to.include('STATE_IMPORT_CONFLICT')
    const kept = await run(['state', 'import', file, '--existing', 'keep', '--output', 'json'], small)
    expect(JSON.parse(kept.stdout)).to.deep.equal({ stored: 0, same: 1, kept: 1 })
    const written = await run(['state', 'import', file, '--existing', 'overwrite', '--output', 'json'], small)
    expect(JSON.parse(written.stdout)).to.deep.equal({ stored: 1, same: 1, kept: 0 })
    expect((await small.get('agents/x/b'))?.json).to.equal('1')
  })

  it('goes on with an export that broke off', async () => {
    const transfer = new StateTransfer(source)
    const answers = {
      'State/Export': async function * (request: Parameters<StateTransfer['export']>[0], signal: AbortSignal) {
        let count = 0
        for await (const answer of transfer.export(request, signal)) {
          if (count++ > 700) throw new Error('the line is cut')
          yield answer
        }
      },
    }
    const broken = await run(['state', 'export', file], source, { answers })
    expect(broken.code).not.to.equal(0)
    expect(existsSync(file)).to.equal(false)
    expect(broken.stderr).to.include('700 entries are in')
    const whole = await run(['state', 'export', file], source)
    expect(whole.code).to.equal(0)
    expect(whole.stderr).to.include('Going on')
    expect((await run(['state', 'verify', file], source)).code).to.equal(0)
  }).timeout(20_000)

  it('goes on with an import that broke off behind the key that it names', async () => {
    await run(['state', 'export', file], source)
    const target = new MemoryState()
    const transfer = new StateTransfer(target)
    let calls = 0
    const answers = {
      'State/Import': (requests: readonly never[], signal: AbortSignal) => {
        if (++calls > 1) throw new Error('the line is cut')
        return transfer.import((async function * () { yield * requests })(), signal)
      },
    }
    const broken = await run(['state', 'import', file], target, { answers })
    expect(broken.stderr).to.include('--after \'agents/a/00999\'')
    const rest = await run(['state', 'import', file, '--after', 'agents/a/00999', '--output', 'json'], target)
    expect(JSON.parse(rest.stdout)).to.deep.equal({ stored: MANY + 1 - 1000, same: 0, kept: 0 })
    expect((await run(['state', 'verify', file], target)).code).to.equal(0)
  }).timeout(20_000)

  it('takes nothing in that the state tool could never reach, or that is no JSON', async () => {
    const wrong = new MemoryState()
    await wrong.commit([{ key: 'somewhere/else', json: '1' }])
    await run(['state', 'export', file], wrong)
    expect((await run(['state', 'import', file], new MemoryState())).stderr).to.include('STATE_IMPORT_INVALID')
    const broken = new MemoryState()
    await broken.commit([{ key: 'agents/x/a', json: '{' }])
    await run(['state', 'export', folder.file('broken')], broken)
    expect((await run(['state', 'import', folder.file('broken')], new MemoryState())).stderr).to.include('STATE_IMPORT_INVALID')
  })
})
