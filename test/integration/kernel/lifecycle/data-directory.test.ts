import { fork, type ChildProcess } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { once } from 'node:events'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import { DataDirectory } from '../../../../kernel/lifecycle/data-directory.js'

const HOLDER = fileURLToPath(new URL('../../../fixtures/threads/data-directory-holder.js', import.meta.url))

describe('the data directory', () => {
  let folder: string
  let children: ChildProcess[]
  const lockFile = (): string => path.join(folder, 'caxton.pid')
  /** Starts a process that wants the directory; resolves to what it says. */
  const hold = async (): Promise<{ readonly child: ChildProcess, readonly says: unknown }> => {
    const child = fork(HOLDER, [folder], { execArgv: [] })
    children.push(child)
    const [says] = await once(child, 'message') as [unknown]
    return { child, says }
  }
  const kill = async (child: ChildProcess): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const exited = once(child, 'exit')
    child.kill('SIGKILL')
    await exited
  }
  const lockError = (): unknown => {
    try {
      new DataDirectory(folder).lock()
      return undefined
    } catch (error) {
      return error
    }
  }

  beforeEach(() => {
    children = []
    folder = path.join(mkdtempSync(path.join(os.tmpdir(), 'caxton-data-')), 'made', 'on demand')
  })
  afterEach(async () => {
    await Promise.all(children.map(kill))
    rmSync(path.dirname(path.dirname(folder)), { recursive: true, force: true })
  })

  it('refuses a second process and names the first', async () => {
    const { child, says } = await hold()
    expect(says).to.equal('held')
    expect(lockError()).to.have.property('code', 'DATA_DIRECTORY_IN_USE')
    expect(lockError()).to.have.nested.property('details.processId', child.pid)
    expect((await hold()).says).to.have.property('code', 'DATA_DIRECTORY_IN_USE')
  })

  it('is taken over from a process that was killed', async () => {
    const { child } = await hold()
    await kill(child)
    const mine = new DataDirectory(folder)
    mine.lock()
    expect(readFileSync(lockFile(), 'utf8')).to.match(new RegExp(`^${process.pid} `))
    expect(readdirSync(folder)).to.deep.equal(['caxton.pid'])
    mine.release()
    expect(existsSync(lockFile())).to.equal(false)
  })

  it('is taken over when another process has the id of the killed one by now', () => {
    const mine = new DataDirectory(folder)
    mine.lock()
    mine.release()
    for (const stale of [`${process.ppid} 1\n`, `${process.pid} 1\n`, `${process.pid} -\n`, 'no number\n', '']) {
      writeFileSync(lockFile(), stale)
      mine.lock()
      mine.release()
    }
  })

  it('is held once by one process too, and given back only by its holder', () => {
    const mine = new DataDirectory(folder)
    mine.lock()
    const other = new DataDirectory(folder)
    expect(() => other.lock()).to.throw().with.property('code', 'DATA_DIRECTORY_IN_USE')
    other.release()
    expect(existsSync(lockFile())).to.equal(true)
    mine.release()
  })

  it('goes to one of many that find a stale file at the same time', async () => {
    new DataDirectory(folder).lock()
    writeFileSync(lockFile(), '999999999 1\n')
    const outcomes = await Promise.all(Array.from({ length: 4 }, hold))
    expect(outcomes.filter(({ says }) => says === 'held')).to.have.length(1)
    expect(readdirSync(folder)).to.deep.equal(['caxton.pid'])
  })

  it('is not made where a file stands in the way', () => {
    writeFileSync(path.dirname(folder), 'a file')
    expect(lockError()).to.have.property('code', 'DATA_DIRECTORY_UNUSABLE')
  })

  it('is refused when nothing can be written into it', function () {
    if (process.getuid?.() === 0) this.skip()
    mkdirSync(folder, { recursive: true, mode: 0o500 })
    expect(lockError()).to.have.property('code', 'DATA_DIRECTORY_UNUSABLE')
  })
})
