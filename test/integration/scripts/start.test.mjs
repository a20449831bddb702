import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { expect } from 'chai'
import { root } from '../../../scripts/project.mjs'

describe('npm start', function () {
  this.timeout(60_000)
  let folder

  beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'caxton-start-')) })
  afterEach(() => { rmSync(folder, { recursive: true, force: true }) })

  it('ends well when Ctrl-C comes in the middle of the drawing', async () => {
    // A group of its own gets the signal as a whole, as from a terminal.
    const start = spawn(process.execPath, ['scripts/start.mjs', '--set', 'plugins.api-grpc.port=0'], {
      cwd: root, detached: true, env: { ...process.env, CAXTON_DATA_DIR: folder }, stdio: ['ignore', 'pipe', 'pipe'],
    })
    const killAll = () => { if (start.exitCode === null) process.kill(-start.pid, 'SIGKILL') }
    process.once('exit', killAll)
    const closed = once(start, 'close')
    const shown = []
    let isDrawing = false
    let complaints = ''
    start.stderr.on('data', text => { complaints += text })
    for await (const line of createInterface({ input: start.stdout })) {
      shown.push(line)
      if (isDrawing || !line.includes('cfp')) continue
      isDrawing = true
      complaints = ''
      process.kill(-start.pid, 'SIGINT')
    }
    const [code] = await closed
    process.off('exit', killAll)
    expect({ code, complaints, last: shown.at(-1) }).to.deep.equal({ code: 0, complaints: '', last: 'The server stops ...' })
    expect(shown.filter(line => line.includes('inform'))).to.deep.equal([])
  })
})
