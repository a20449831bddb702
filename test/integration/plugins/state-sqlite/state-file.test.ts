import { statSync, unlinkSync, writeFileSync } from 'node:fs'
import Database from 'better-sqlite3'
import { expect } from 'chai'
import { codeOf } from '../../../support/code-of.js'
import { neverCollected } from '../../../support/never-collected.js'
import { QuietContext } from '../../../support/quiet-context.js'
import { sqliteState } from '../../../support/sqlite-state.js'
import { TemporaryFolder } from '../../../support/temporary-folder.js'
import type { SqliteState } from '../../../../plugins/state-sqlite/sqlite-state.js'

const put = (key: string, bytes = 10) => [{ key, json: `"${'x'.repeat(bytes)}"` }]

/** Real files, because what is tested is what SQLite and the file system do. */
describe('The file of state-sqlite', () => {
  let folder: TemporaryFolder
  let context: QuietContext
  let state: SqliteState
  const start = (): Promise<void> => state.start(new AbortController().signal)
  beforeEach(() => {
    folder = new TemporaryFolder()
    context = new QuietContext('state-sqlite')
    state = sqliteState(folder.path, {}, context)
  })
  afterEach(async () => {
    await state.stop()
    folder.remove()
  })

  it('is made with its folder, for its owner alone', async () => {
    const file = folder.file('new', 'place', 'state.db')
    state = sqliteState(folder.path, { file })
    await start()
    expect(statSync(file).mode & 0o077).to.equal(0)
    expect(state.health()).to.deep.equal({ state: 'ready' })
  })

  it('is left alone when it belongs to another program, is damaged, or can not be made', async () => {
    const foreign = neverCollected(new Database(folder.file('state.db')))
    foreign.exec('CREATE TABLE notes (text)')
    foreign.close()
    expect(await codeOf(start())).to.equal('STATE_FILE_UNUSABLE')
    await state.stop()
    for (const [file, text] of [['damaged.db', 'no database at all, but long enough to be looked at'.repeat(100)], ['here', '']] as const) {
      writeFileSync(folder.file(file), text)
      state = sqliteState(folder.path, { file: file === 'here' ? folder.file('here', 'state.db') : folder.file(file) })
      expect(await codeOf(start())).to.equal('STATE_FILE_UNUSABLE')
      await state.stop()
    }
  })

  it('is not opened when a newer version wrote it', async () => {
    await start()
    await state.stop()
    const newer = neverCollected(new Database(folder.file('state.db')))
    newer.exec('PRAGMA user_version = 2')
    newer.close()
    state = sqliteState(folder.path)
    expect(await codeOf(start())).to.equal('STATE_FILE_NEWER')
  })

  it('refuses what has no room, keeps what it has, and takes small things again after a deletion', async () => {
    state = sqliteState(folder.path, { max_size: 256 * 1024 })
    await start()
    let stored = 0
    let code = ''
    for (; code === '' && stored < 1000; stored++) code = await codeOf(state.commit(put(`key-${stored}`, 20_000)))
    expect(code).to.equal('STATE_FULL')
    expect(await state.count('key-')).to.equal(stored - 1)
    await state.commit([{ key: 'key-0', delete: true }, { key: 'key-1', delete: true }])
    await state.commit(put('small'))
    expect(context.failures).to.deep.equal([])
  })

  it('ends the plugin, loudly, when it is deleted while in use', async () => {
    await start()
    await state.commit(put('a'))
    unlinkSync(folder.file('state.db'))
    expect(await codeOf(state.commit(put('b')))).to.equal('STATE_UNAVAILABLE')
    expect(state.health().state).to.equal('failed')
    expect(context.failures).to.have.length(1)
    expect(await codeOf(state.get('a'))).to.equal('STATE_UNAVAILABLE')
  })
})
