import { expect } from 'chai'
import { DurableJournal } from '../../../../../kernel/routing/durable/durable-journal.js'
import { INBOX } from '../../../../../kernel/routing/durable/kept-messages.js'
import { DurableScene } from '../../../../support/durable-scene.js'

const put = (key: string, bytes = 1): { readonly put: string, readonly key: string, readonly value: Uint8Array } =>
  ({ put: INBOX, key, value: new Uint8Array(bytes) })

describe('the journal of durable messages', () => {
  let scene: DurableScene
  let journal: DurableJournal
  let settled: string[]

  beforeEach(async () => {
    scene = await DurableScene.open()
    journal = new DurableJournal(scene.store)
    settled = []
  })

  const write = (...keys: readonly string[]): void => journal.write(keys.map(key => put(key)), error => {
    settled.push(`${keys.join('+')} ${error?.message ?? 'kept'}`)
  })
  const committed = (): string[] => scene.moody.commits.map(changes => changes.map(change => 'key' in change ? change.key : '').join(' '))

  it('gathers what comes while the disk is busy, in the order of the calls', async () => {
    scene.moody.hold()
    write('1')
    await scene.rest()
    write('2', '3')
    write('4')
    await scene.rest()
    expect(settled).to.deep.equal([])
    scene.moody.goOn()
    await journal.flush()
    expect(committed()).to.deep.equal(['1', '2 3 4'])
    expect(settled).to.deep.equal(['1 kept', '2+3 kept', '4 kept'])
  })

  it('does not divide what came with one call, and takes no more than some thousand changes at once', async () => {
    const keys = (from: number, count: number): string[] => Array.from({ length: count }, (_, index) => `${from + index}`)
    write(...keys(0, 3_000))
    write(...keys(10_000, 3_000))
    write(...keys(20_000, 5_000))
    await journal.flush()
    expect(scene.moody.commits.map(({ length }) => length)).to.deep.equal([3_000, 3_000, 5_000])
  })

  it('tells everybody in a commit that failed, and goes on with the next', async () => {
    scene.moody.fails = true
    write('1')
    write('2')
    await scene.rest()
    expect(settled).to.deep.equal(['1 the disk is full', '2 the disk is full'])
    scene.moody.fails = false
    write('3')
    await journal.flush()
    expect(settled.at(-1)).to.equal('3 kept')
  })

  it('is full while more waits for the disk than there should, and not afterwards', async () => {
    scene.moody.hold()
    for (let count = 0; count < 32; count++) {
      expect(journal.isFull).to.equal(false)
      journal.write([put(`${count}`, 1024 * 1024)], () => {})
    }
    expect(journal.isFull).to.equal(true)
    scene.moody.goOn()
    await journal.flush()
    expect(journal.isFull).to.equal(false)
  })

  it('says when all that was written so far is settled, whoever goes on writing', async () => {
    let isOver = false
    const goOn = (): void => { if (!isOver) journal.write([put('again')], goOn) }
    goOn()
    write('1')
    await journal.flush()
    isOver = true
    expect(settled).to.deep.equal(['1 kept'])
  })
})
