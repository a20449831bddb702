import { execFile } from 'node:child_process'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Worker } from 'node:worker_threads'
import { expect } from 'chai'
import type { Store } from '../../../../kernel/contract/index.js'
import type { SqliteStore } from '../../../../plugins/store-sqlite/sqlite-store.js'
import { QuietContext } from '../../../support/quiet-context.js'
import { never, removeFolder, sqliteStore, temporaryFolder } from '../../../support/sqlite-store.js'

const run = promisify(execFile)
const FIRST = { version: 1, summary: 'Begin.', creates: ['things'] }
const KIB = 1024

async function opened (store: SqliteStore): Promise<Store> {
  await store.start(never())
  const scope = store.scopeFor('owner')
  await scope.migrate([FIRST])
  return scope
}

const put = (key: string, bytes: number) => ({ put: 'things', key, value: new Uint8Array(bytes).fill(7) })
const codeOf = (call: Promise<unknown>): Promise<unknown> =>
  call.then(() => 'fine', (error: unknown) => error instanceof Error && 'code' in error ? error.code : error)

/** Writes until the room ends, and gives the keys that were stored. */
async function fill (store: Store): Promise<string[]> {
  const stored: string[] = []
  for (let i = 0; i < 1000; i++) {
    const key = `key-${String(i).padStart(3, '0')}`
    const code = await codeOf(store.commit([put(key, 20 * KIB)]))
    if (code !== 'fine') {
      expect(code).to.equal('STORE_FULL')
      return stored
    }
    stored.push(key)
  }
  throw new Error('the room never ended')
}

async function keys (store: Store): Promise<string[]> {
  const found: string[] = []
  for await (const { key } of store.scan('things')) found.push(key)
  return found
}

describe('store-sqlite when things fail', () => {
  let folder = ''
  let store: SqliteStore
  let context: QuietContext
  beforeEach(async () => {
    folder = await temporaryFolder()
    context = new QuietContext('store')
  })
  afterEach(async () => {
    await store.stop()
    await removeFolder(folder)
  })

  it('says that it is unavailable where a collection was dropped while others used it, and goes on with the rest', async () => {
    const [drops, again] = [{ version: 2, summary: 'Drop.', drops: ['things'] }, { version: 3, summary: 'Anew.', creates: ['things'] }]
    store = sqliteStore(folder, {}, context)
    const early = await opened(store)
    await early.commit([put('key', 10)])
    const late = store.scopeFor('owner')
    await late.migrate([FIRST, drops])
    expect(await codeOf(early.get('things', 'key'))).to.equal('STORE_UNAVAILABLE')
    expect(await codeOf(early.commit([put('key', 10)]))).to.equal('STORE_UNAVAILABLE')
    await late.migrate([FIRST, drops, again])
    expect(await late.count('things')).to.equal(0)
    expect(context.failures).to.deep.equal([])
  })

  it('refuses what does not fit, keeps what did, and goes on when there is room again', async () => {
    store = sqliteStore(folder, { max_size: 512 * KIB }, context)
    const scope = await opened(store)
    const stored = await fill(scope)
    expect(store.health().state).to.equal('degraded')
    expect(await keys(scope)).to.deep.equal(stored)
    await scope.commit([{ clear: 'things', range: {} }])
    await scope.commit([put('again', 20 * KIB)])
    expect(store.health().state).to.equal('ready')
    expect(context.said('error')).to.have.lengthOf(1)
    expect(context.failures).to.deep.equal([])
  })

  it('lets the batch that does not fit fail alone among those of its transaction', async () => {
    store = sqliteStore(folder, { max_size: 512 * KIB, commit_interval: 20 }, context)
    const scope = await opened(store)
    const changes = [put('a', 10), put('large', 900 * KIB), put('b', 10)]
    const codes = await Promise.all(changes.map(change => codeOf(scope.commit([change]))))
    expect(codes).to.deep.equal(['fine', 'STORE_FULL', 'fine'])
    expect(await keys(scope)).to.deep.equal(['a', 'b'])
  })

  it('survives a disk that is full', async function () {
    this.timeout(10_000)
    const disk = join(folder, 'disk')
    await mkdir(disk)
    try {
      await run('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'caxton-test', disk])
    } catch {
      // Mounting needs root. Mocha lists the test as pending then.
      this.skip()
    }
    try {
      store = sqliteStore(disk, {}, context)
      const scope = await opened(store)
      const stored = await fill(scope)
      expect(store.health().state).to.equal('degraded')
      expect(await keys(scope)).to.deep.equal(stored)
      await store.stop()
      store = sqliteStore(disk, {}, context)
      expect(await keys(await opened(store))).to.deep.equal(stored)
      await store.stop()
    } finally {
      await run('umount', [disk])
    }
  })

  it('fails when its file is deleted under it, instead of writing to nowhere', async () => {
    store = sqliteStore(folder, {}, context)
    const scope = await opened(store)
    await scope.commit([put('a', 10)])
    await rm(join(folder, 'caxton.db'))
    expect(await codeOf(scope.commit([put('b', 10)]))).to.equal('STORE_UNAVAILABLE')
    expect(await codeOf(scope.get('things', 'a'))).to.equal('STORE_UNAVAILABLE')
    expect(store.health().state).to.equal('failed')
    expect(context.failures).to.have.lengthOf(1)
  })

  it('rejects every open call and reports itself when its thread dies', async () => {
    let worker: Worker | undefined
    process.once('worker', (made: Worker) => { worker = made })
    store = sqliteStore(folder, { commit_interval: 50 }, context)
    const scope = await opened(store)
    // It takes nothing more from the moment on that it is told to end; that it has ended is heard later.
    const ending = worker?.terminate()
    const calls = [codeOf(scope.commit([put('a', 10)])), codeOf(scope.get('things', 'a')), codeOf(scope.count('things'))]
    await ending
    expect(await Promise.all(calls)).to.deep.equal(['STORE_UNAVAILABLE', 'STORE_UNAVAILABLE', 'STORE_UNAVAILABLE'])
    expect(await codeOf(scope.commit([put('b', 10)]))).to.equal('STORE_UNAVAILABLE')
    expect(store.health().state).to.equal('failed')
    expect(context.failures).to.have.lengthOf(1)
  })

  it('writes what still waits before it stops', async () => {
    store = sqliteStore(folder, { commit_interval: 1000 }, context)
    const scope = await opened(store)
    const commits = Promise.all(Array.from({ length: 100 }, (_, i) => scope.commit([put(`key-${i}`, 10)])))
    await store.stop()
    await commits
    store = sqliteStore(folder, {}, context)
    expect(await keys(await opened(store))).to.have.lengthOf(100)
  })

  it('drains by writing at once what waits for its tick', async () => {
    store = sqliteStore(folder, { commit_interval: 1000 }, context)
    const scope = await opened(store)
    const commit = scope.commit([put('a', 10)])
    await store.drain()
    await commit
    expect(await scope.count('things')).to.equal(1)
  })

  it('refuses migrations whose past was changed', async () => {
    store = sqliteStore(folder, {}, context)
    const scope = await opened(store)
    expect(await codeOf(scope.migrate([{ ...FIRST, creates: ['others'] }]))).to.equal('STORE_MIGRATION_INVALID')
  })
})
