import { renameSync, rmSync, writeFileSync } from 'node:fs'
import { expect } from 'chai'
import { WatchedFiles } from '../../../../kernel/contract/index.js'
import { TemporaryFolder } from '../../../support/temporary-folder.js'
import { until } from '../../../support/until.js'
import { VirtualClock } from '../../../support/virtual-clock.js'

describe('files that are watched', () => {
  let folder: TemporaryFolder
  let clock: VirtualClock
  let looks: number
  let changes: number
  let watched: WatchedFiles

  /** Lets one look be taken, which asks a real file system. */
  const look = async (): Promise<number> => {
    const before = looks
    await until(() => clock.pending === 1)
    await clock.pass(1_000)
    await until(() => looks > before && clock.pending === 1)
    return changes
  }

  beforeEach(async () => {
    folder = new TemporaryFolder()
    clock = new VirtualClock()
    looks = changes = 0
    writeFileSync(folder.file('a'), 'one')
    watched = new WatchedFiles({
      files: [folder.file('a'), folder.file('b')], interval: 1_000, clock,
      changed: async () => { changes += 1 }, beforeLook: async () => { looks += 1 },
    })
    await watched.note()
    watched.start()
  })
  afterEach(async () => {
    await watched.stop()
    folder.remove()
  })

  it('are left alone while nothing changes', async () => {
    expect([await look(), await look()]).to.deep.equal([0, 0])
  })

  it('tell when one is written, replaced, made or removed', async () => {
    writeFileSync(folder.file('a'), 'other')
    expect(await look()).to.equal(1)
    writeFileSync(folder.file('c'), 'other')
    renameSync(folder.file('c'), folder.file('a'))
    expect(await look()).to.equal(2)
    writeFileSync(folder.file('b'), '')
    expect(await look()).to.equal(3)
    rmSync(folder.file('a'))
    expect([await look(), await look()]).to.deep.equal([4, 4])
  })

  it('tell of what changed between the first note and the first look', async () => {
    await watched.stop()
    watched = new WatchedFiles({
      files: [folder.file('a')], interval: 1_000, clock,
      changed: async () => { changes += 1 }, beforeLook: async () => { looks += 1 },
    })
    await watched.note()
    writeFileSync(folder.file('a'), 'while it is read')
    watched.start()
    expect(await look()).to.equal(1)
  })

  it('are taken for changed when somebody says so', async () => {
    watched.changeNow()
    await until(() => changes === 1)
  })
})
