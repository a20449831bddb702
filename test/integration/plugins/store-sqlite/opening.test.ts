import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, open, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect } from 'chai'
import type { SqliteStore } from '../../../../plugins/store-sqlite/sqlite-store.js'
import { neverCollected } from '../../../support/never-collected.js'
import { never, removeFolder, sqliteStore, temporaryFolder } from '../../../support/sqlite-store.js'

const FIRST = { version: 1, summary: 'Begin.', creates: ['things'] }

/** The code with which a start fails, or `started`. */
async function verdict (store: SqliteStore): Promise<string> {
  try {
    await store.start(never())
    return 'started'
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : String(error)
  } finally {
    await store.stop()
  }
}

async function filled (folder: string, entries = 50): Promise<void> {
  const store = sqliteStore(folder)
  await store.start(never())
  const scope = store.scopeFor('owner')
  await scope.migrate([FIRST])
  const put = (i: number) => ({ put: 'things', key: `key-${i}`, value: new Uint8Array(3000).fill(i) })
  await scope.commit(Array.from({ length: entries }, (_, i) => put(i)))
  await store.stop()
}

describe('Opening the database of store-sqlite', () => {
  let folder = ''
  let file = ''
  beforeEach(async () => {
    folder = await temporaryFolder()
    file = join(folder, 'caxton.db')
  })
  afterEach(() => removeFolder(folder))

  it('makes the data directory and a database that only its user may read', async () => {
    expect(await verdict(sqliteStore(join(folder, 'deep', 'down')))).to.equal('started')
    expect((await stat(join(folder, 'deep', 'down', 'caxton.db'))).mode & 0o777).to.equal(0o600)
    expect((await stat(join(folder, 'deep', 'down'))).mode & 0o777).to.equal(0o700)
  })

  it('leaves no log of changes behind after an orderly stop', async () => {
    await filled(folder)
    expect((await readdir(folder)).toSorted()).to.deep.equal(['caxton.db', 'caxton.db.created'])
  })

  it('refuses a data directory below a file', async () => {
    await writeFile(join(folder, 'file'), '')
    expect(await verdict(sqliteStore(join(folder, 'file', 'data')))).to.equal('STORE_DIRECTORY_UNWRITABLE')
  })

  it('refuses a data directory where nothing can be made, even for root', async () => {
    expect(await verdict(sqliteStore('/proc/caxton'))).to.equal('STORE_DIRECTORY_UNWRITABLE')
  })

  it('refuses a file that is no database, and leaves it as it is', async () => {
    const text = 'These are my notes, and no database at all.'.repeat(50)
    await writeFile(file, text)
    expect(await verdict(sqliteStore(folder))).to.equal('STORE_FILE_CORRUPT')
    expect(await readFile(file, 'utf8')).to.equal(text)
  })

  it('refuses the database of another program, and leaves it as it is', async () => {
    const other = neverCollected(new Database(file))
    other.exec('CREATE TABLE mine (x); INSERT INTO mine VALUES (1)')
    other.close()
    expect(await verdict(sqliteStore(folder))).to.equal('STORE_FILE_CORRUPT')
    const again = neverCollected(new Database(file))
    expect(neverCollected(again.prepare('SELECT x FROM mine').pluck()).get()).to.equal(1)
    again.close()
  })

  it('refuses a folder in place of the file', async () => {
    await mkdir(file)
    expect(await verdict(sqliteStore(folder))).to.equal('STORE_FILE_CORRUPT')
  })

  it('refuses a database with a damaged header', async () => {
    await filled(folder)
    await damage(file, 0, 100)
    expect(await verdict(sqliteStore(folder))).to.equal('STORE_FILE_CORRUPT')
  })

  it('refuses a database that is damaged in the middle', async () => {
    await filled(folder)
    const { size } = await stat(file)
    await damage(file, 4096, size - 4096)
    expect(await verdict(sqliteStore(folder))).to.equal('STORE_FILE_CORRUPT')
  })

  it('refuses a database that was cut short', async () => {
    await filled(folder)
    const handle = await open(file, 'r+')
    await handle.truncate(8192)
    await handle.close()
    expect(await verdict(sqliteStore(folder))).to.equal('STORE_FILE_CORRUPT')
  })

  it('refuses an empty file where a database was', async () => {
    await filled(folder)
    await writeFile(file, '')
    expect(await verdict(sqliteStore(folder))).to.equal('STORE_FILE_CORRUPT')
  })

  it('refuses to begin anew where a database was and is gone, until the marker is deleted', async () => {
    await filled(folder)
    await rm(file)
    expect(await verdict(sqliteStore(folder))).to.equal('STORE_FILE_MISSING')
    expect(await readdir(folder)).to.deep.equal(['caxton.db.created'])
    await rm(`${file}.created`)
    expect(await verdict(sqliteStore(folder))).to.equal('started')
  })

  it('begins where a first start was cut off before anything was written', async () => {
    await writeFile(file, '')
    expect(await verdict(sqliteStore(folder))).to.equal('started')
  })

  it('refuses a database of a newer layout', async () => {
    await filled(folder)
    const raw = neverCollected(new Database(file))
    raw.exec('PRAGMA user_version = 2')
    raw.close()
    expect(await verdict(sqliteStore(folder))).to.equal('STORE_DATA_NEWER')
  })

  it('refuses a file that another process has open', async function () {
    this.timeout(15_000)
    await filled(folder)
    const script = `const D = require('better-sqlite3'); const d = new D(${JSON.stringify(file)});
      d.exec('BEGIN IMMEDIATE'); console.log('locked'); setInterval(() => {}, 1000)`
    const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
    try {
      await once(child.stdout, 'data')
      expect(await verdict(sqliteStore(folder))).to.equal('STORE_FILE_LOCKED')
    } finally {
      child.kill('SIGKILL')
      await once(child, 'exit')
    }
    expect(await verdict(sqliteStore(folder))).to.equal('started')
  })

  it('lets two instances use two files of one data directory', async () => {
    const [one, two] = [sqliteStore(folder), sqliteStore(folder, { file: join(folder, 'second.db') })]
    await Promise.all([one.start(never()), two.start(never())])
    expect([one.health().state, two.health().state]).to.deep.equal(['ready', 'ready'])
    await Promise.all([one.stop(), two.stop()])
  })

  it('ends its thread when the start is called off', async () => {
    const store = sqliteStore(folder)
    const calledOff = new AbortController()
    const start = store.start(calledOff.signal)
    calledOff.abort(new Error('called off'))
    expect(await start.catch((error: Error) => error.message)).to.equal('called off')
    await store.stop()
  })

  it('stops twice, and without a start', async () => {
    const store = sqliteStore(folder)
    await store.stop()
    await store.start(never())
    await store.stop()
    await store.stop()
    expect(store.health().state).to.equal('failed')
  })
})

/** Overwrites part of a file with bytes that SQLite can't make sense of. */
async function damage (file: string, from: number, bytes: number): Promise<void> {
  const handle = await open(file, 'r+')
  await handle.write(new Uint8Array(bytes).fill(0xa5), 0, bytes, from)
  await handle.close()
}
