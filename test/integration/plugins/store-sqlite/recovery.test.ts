import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import { never, removeFolder, sqliteStore, temporaryFolder } from '../../../support/sqlite-store.js'

const PROCESS = fileURLToPath(new URL('../../../fixtures/stores/committing-process.js', import.meta.url))
const MIGRATIONS = [{ version: 1, summary: 'Begin.', creates: ['pairs', 'mirror'] }]

/** Runs the process until it has reported so many commits, kills it, and gives what it reported in whole lines. */
async function killedAfter (folder: string, commits: number): Promise<string[]> {
  const child = spawn(process.execPath, [PROCESS, folder], { stdio: ['ignore', 'pipe', 'inherit'] })
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text
    if (output.length / 13 > commits) child.kill('SIGKILL')
  })
  await once(child, 'close')
  return output.split('\n').slice(0, -1)
}

describe('store-sqlite after kill -9', () => {
  it('has every batch that had resolved, and no half of any other', async function () {
    this.timeout(20_000)
    const folder = await temporaryFolder()
    try {
      for (const commits of [300, 1000]) {
        const resolved = await killedAfter(folder, commits)
        const store = sqliteStore(folder)
        await store.start(never())
        const scope = store.scopeFor('owner')
        await scope.migrate(MIGRATIONS)
        const pairs = new Set<string>()
        for await (const { key } of scope.scan('pairs')) pairs.add(key)
        expect(resolved.length).to.be.at.least(commits)
        expect(resolved.filter(key => !pairs.has(key))).to.deep.equal([])
        const mirror = new Set<string>()
        for await (const { key } of scope.scan('mirror')) mirror.add(key)
        expect(mirror).to.deep.equal(pairs)
        await scope.commit([{ clear: 'pairs', range: {} }, { clear: 'mirror', range: {} }])
        await store.stop()
      }
    } finally {
      await removeFolder(folder)
    }
  })
})
