import { expect } from 'chai'
import type { Change } from '../../../../kernel/contract/index.js'
import type { BatchGroup } from '../../../../plugins/store-sqlite/batch-group.js'
import { CommitQueue } from '../../../../plugins/store-sqlite/commit-queue.js'
import { settled, VirtualClock } from '../../../support/virtual-clock.js'

const TABLES = new Map([['things', 1]])
const batch = (key: string, bytes = 1): Change[] => [{ put: 'things', key, value: new Uint8Array(bytes).fill(key.charCodeAt(0)) }]

/** A disk that writes when it is told to. */
class SlowDisk {
  readonly groups: BatchGroup[] = []
  readonly #open: Array<{ done: (errors?: Array<Error | undefined>) => void, fail: (error: Error) => void }> = []

  write = (group: BatchGroup): Promise<Array<Error | undefined> | undefined> => {
    this.groups.push(group)
    return new Promise((done, fail) => { this.#open.push({ done, fail }) })
  }

  async finish (errors?: Array<Error | undefined>): Promise<void> {
    this.#open.shift()?.done(errors)
    await settled()
  }

  async fail (error: Error): Promise<void> {
    this.#open.shift()?.fail(error)
    await settled()
  }

  get sizes (): number[] {
    return this.groups.map(group => group.tickets.length)
  }
}

describe('CommitQueue', () => {
  let clock: VirtualClock
  let disk: SlowDisk
  let queue: CommitQueue
  beforeEach(() => {
    clock = new VirtualClock()
    disk = new SlowDisk()
    queue = new CommitQueue(clock, { interval: 2, bytes: 4 * 1024 * 1024 }, disk.write)
  })

  const add = (key: string, bytes?: number): Promise<string> =>
    queue.add(batch(key, bytes), TABLES).then(() => 'done', (error: Error) => 'code' in error ? String(error.code) : error.message)

  it('gathers the batches of a tick in one group', async () => {
    const calls = [add('a'), add('b')]
    expect(disk.groups).to.have.lengthOf(0)
    clock.advance(2)
    void add('c')
    expect(disk.sizes).to.deep.equal([2])
    await disk.finish()
    expect(await Promise.all(calls)).to.deep.equal(['done', 'done'])
  })

  it('keeps an idle disk waiting no longer than a turn of the event loop, and gathers while it writes', () => {
    void add('a')
    clock.advance(0)
    expect(disk.sizes).to.deep.equal([1])
    void add('b')
    clock.advance(1)
    void add('c')
    expect(disk.sizes).to.deep.equal([1])
    clock.advance(1)
    expect(disk.sizes).to.deep.equal([1, 2])
  })

  it('does not wait for the tick once a group is large', () => {
    void add('a', 1024 * 1024)
    expect(disk.sizes).to.deep.equal([1])
    expect(clock.pending).to.equal(0)
  })

  it('hands over no more than two groups at a time', async () => {
    for (const key of ['a', 'b', 'c']) void add(key, 1024 * 1024)
    expect(disk.sizes).to.deep.equal([1, 1])
    await disk.finish()
    expect(disk.sizes).to.deep.equal([1, 1, 1])
  })

  it('refuses what its bytes have no room for, and takes it again when there is', async () => {
    for (const key of ['a', 'b', 'c']) void add(key, 1024 * 1024)
    expect(await add('d', 1024 * 1024)).to.equal('STORE_BUSY')
    await disk.finish()
    const again = add('d', 1024 * 1024)
    for (let i = 0; i < 3; i++) await disk.finish()
    expect(await again).to.equal('done')
    expect(queue.waiting).to.equal(0)
  })

  it('refuses more batches than it counts, however small', async () => {
    queue = new CommitQueue(clock, { interval: 2, bytes: 1e12 }, disk.write)
    for (let i = 0; i < 65_536; i++) void queue.add([], TABLES)
    expect(await add('a')).to.equal('STORE_BUSY')
  })

  it('takes a batch that is larger than its bound when nothing else waits', async () => {
    const large = add('a', 5 * 1024 * 1024)
    await disk.finish()
    expect(await large).to.equal('done')
  })

  it('gives each batch its own failure', async () => {
    const calls = [add('a'), add('b'), add('c')]
    clock.advance(2)
    await disk.finish([undefined, new Error('too large'), undefined])
    expect(await Promise.all(calls)).to.deep.equal(['done', 'too large', 'done'])
  })

  it('fails every batch of a group that could not be written, and goes on with the next', async () => {
    const lost = [add('a'), add('b')]
    clock.advance(2)
    await disk.fail(new Error('no disk'))
    expect(await Promise.all(lost)).to.deep.equal(['no disk', 'no disk'])
    const next = add('c')
    clock.advance(2)
    await disk.finish()
    expect(await next).to.equal('done')
  })

  it('flushes at once and waits for what is under way', async () => {
    void add('a')
    let flushed = false
    const flush = queue.flush().then(() => { flushed = true })
    expect(disk.sizes).to.deep.equal([1])
    await settled()
    expect(flushed).to.equal(false)
    await disk.finish()
    await flush
    await queue.flush()
    expect(clock.pending).to.equal(0)
  })

  it('keeps the bytes of every value where its change says', () => {
    const changes = [...batch('a', 40_000), ...batch('b', 3), { delete: 'things', key: 'x' }, ...batch('c', 50_000)]
    void queue.add(changes, TABLES)
    clock.advance(2)
    const { group } = disk.groups[0]?.seal() ?? { group: undefined }
    const values = group?.batches[0]?.map(change =>
      change[0] === 'put' ? group.values.subarray(change[3], change[3] + change[4]) : undefined)
    expect(values?.map(value => value && [value.length, value[0], value.at(-1)]))
      .to.deep.equal([[40_000, 97, 97], [3, 98, 98], undefined, [50_000, 99, 99]])
  })
})
