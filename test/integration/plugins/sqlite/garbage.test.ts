import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import { TemporaryFolder } from '../../../support/temporary-folder.js'

const fixture = (name: string): string => new URL(`../../../fixtures/${name}.js`, import.meta.url).href

/** A process, because what is tested is that Node does not abort it. Up to Node 24.18 it never does. */
describe('The threads of store-sqlite and state-sqlite', () => {
  it('leave nothing of better-sqlite3 behind that V8 could collect', async function () {
    this.timeout(30_000)
    const folder = new TemporaryFolder()
    try {
      const options = ['--max-semi-space-size=1', `--import=${fixture('process/collecting-threads')}`]
      const words = [...options, fileURLToPath(fixture('stores/used-databases')), folder.path]
      const child = spawn(process.execPath, words, { stdio: ['ignore', 'ignore', 'pipe'] })
      let said = ''
      child.stderr.setEncoding('utf8').on('data', (text: string) => { said += text })
      expect([...await once(child, 'close') as unknown[], said]).to.deep.equal([0, null, ''])
    } finally {
      folder.remove()
    }
  })
})
