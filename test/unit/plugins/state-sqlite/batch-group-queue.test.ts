import { expect } from 'chai'
import type { StateCommit } from '../../../../kernel/contract/index.js'
import { BatchGroupQueue } from '../../../../plugins/state-sqlite/batch-group-queue.js'
import type { BatchOutcome, StateBatch } from '../../../../plugins/state-sqlite/state-calls.js'
import { codeOf } from '../../../support/code-of.js'
import { VirtualClock } from '../../../support/virtual-clock.js'

const put = (key: string, bytes = 1) => [{ key, json: 'x'.repeat(bytes) }]
const outcome = (version: number): BatchOutcome => ({ commit: { version, before: [0] } })

/** A disk that writes a group when told. */
class Disk {
  readonly groups: Array<readonly StateBatch[]> = []
  readonly #waiting: Array<(outcomes: readonly BatchOutcome[]) => void> = []

  commit = (batches: readonly StateBatch[]): Promise<readonly BatchOutcome[]> => {
    this.groups.push(batches)
    return new Promise(resolve => { this.#waiting.push(resolve) })
  }

  async write (outcomes: readonly BatchOutcome[]): Promise<void> {
    this.#waiting.shift()?.(outcomes)
    await new Promise(resolve => { setImmediate(resolve) })
  }
}

describe('The queue of state-sqlite', () => {
  const clock = new VirtualClock()
  const scene = (bytes = 1024 * 1024): { disk: Disk, queue: BatchGroupQueue } => {
    const disk = new Disk()
    return { disk, queue: new BatchGroupQueue(clock, 5000, bytes, disk.commit) }
  }
  const keysOf = (disk: Disk): string[][] => disk.groups.map(group => group.map(({ changes }) => changes[0]?.key ?? ''))

  it('lets batches that come while the disk is busy share the next transaction, in order', async () => {
    const { disk, queue } = scene()
    const calls = ['a', 'b', 'c'].map(key => queue.add(put(key), 0))
    await disk.write([outcome(1)])
    await disk.write([outcome(2), outcome(3)])
    expect(keysOf(disk)).to.deep.equal([['a'], ['b', 'c']])
    expect((await Promise.all(calls)).map(({ version }: StateCommit) => version)).to.deep.equal([1, 2, 3])
  })

  it('tells each batch of a group its own outcome', async () => {
    const { disk, queue } = scene()
    const first = queue.add(put('a'), 0)
    const calls = [queue.add(put('b'), 0), codeOf(queue.add(put('c'), 0))]
    await disk.write([outcome(1)])
    await disk.write([outcome(2), { failure: { code: 'STATE_FULL', details: { reason: 'full' }, fatal: false } }])
    await first
    expect(await Promise.all(calls)).to.deep.equal([{ version: 2, before: [0] }, 'STATE_FULL'])
  })

  it('refuses what would go beyond its bytes, and takes it again when there is room', async () => {
    const { disk, queue } = scene(2000)
    const calls = [queue.add(put('a', 500), 0), queue.add(put('b', 1500), 0)]
    expect(await codeOf(queue.add(put('c', 500), 0))).to.equal('STATE_BUSY')
    await disk.write([outcome(1)])
    calls.push(queue.add(put('d', 500), 0))
    await disk.write([outcome(2)])
    await disk.write([outcome(3)])
    await Promise.all(calls)
    expect(keysOf(disk)).to.deep.equal([['a'], ['b'], ['d']])
  })

  it('gives up a batch that waited too long, and never writes it', async () => {
    const { disk, queue } = scene()
    const first = queue.add(put('a'), 0)
    const late = codeOf(queue.add(put('b'), 0))
    clock.advance(5000)
    expect(await late).to.equal('STATE_TIMEOUT')
    await disk.write([outcome(1)])
    await first
    expect(keysOf(disk)).to.deep.equal([['a']])
  })
})
