import { expect } from 'chai'
import type { Store } from '../../../../kernel/contract/index.js'
import { DeadLetters } from '../../../../kernel/routing/dead-letters.js'
import { encodeFrame } from '../../../../kernel/routing/frame.js'
import { MemoryStore } from '../../../../plugins/store-memory/memory-store.js'
import { RecordingLogger } from '../../../support/recording-logger.js'
import { settled, VirtualClock } from '../../../support/virtual-clock.js'

const letter = (content: string): Uint8Array => encodeFrame({
  act: 'request', receiver: { handle: 2, generation: 1 }, sender: { handle: 3, generation: 1 }, fields: { ontology: 'o' },
  content: Buffer.from(content),
})

describe('dead letters', () => {
  let clock: VirtualClock
  let log: RecordingLogger
  let store: Store
  let names: Map<number, string>
  const letters = async (bound: number): Promise<DeadLetters> => {
    const made = new DeadLetters(store, clock, log, handle => names.get(handle), bound)
    await made.open()
    return made
  }
  const contents = async (made: DeadLetters): Promise<string[]> =>
    (await made.newest(1_000)).map(({ message }) => Buffer.from(message?.content ?? []).toString())

  beforeEach(async () => {
    clock = new VirtualClock()
    log = new RecordingLogger()
    names = new Map([[2, 'echo'], [3, 'asker']])
    store = new MemoryStore({ max_size: 2 ** 28 }).scopeFor('test')
    await store.migrate([{ version: 1, summary: 'dead letters', creates: ['dead-letters'] }])
  })

  it('are written a moment later, all together, and read back newest first', async () => {
    const made = await letters(10)
    made.add(letter('one'), 'MAILBOX_FULL')
    clock.advance(1)
    made.add(letter('two'), 'AGENT_TRAPPED')
    expect(made.kept).to.equal(0)
    await clock.pass(200)
    const [newest, oldest] = await made.newest(2)
    expect([newest?.reason, oldest?.reason]).to.deep.equal(['AGENT_TRAPPED', 'MAILBOX_FULL'])
    expect(newest?.message).to.include({ sender: 'asker', receiver: 'echo', performative: 'request', ontology: 'o' })
    expect(await contents(made)).to.deep.equal(['two', 'one'])
    expect([made.kept, made.counted]).to.deep.equal([2, 2])
  })

  it('bear the names that their agents had when they failed', async () => {
    const made = await letters(10)
    made.add(letter('one'), 'MAILBOX_FULL')
    names.clear()
    await made.flush()
    expect((await made.newest(1))[0]?.message).to.include({ sender: 'asker', receiver: 'echo' })
    expect(clock.pending).to.equal(0)
  })

  it('never are more than the bound, the oldest going first, however many come at once', async () => {
    const made = await letters(5)
    for (let count = 0; count < 3; count++) made.add(letter(`early ${count}`), 'MAILBOX_FULL')
    await clock.pass(200)
    for (let count = 0; count < 3_000; count++) made.add(letter(`late ${count}`), 'MAILBOX_FULL')
    await clock.pass(200)
    expect(await store.count('dead-letters')).to.equal(5)
    expect(made.kept).to.equal(5)
    expect((await contents(made))[0]).to.equal('late 2999')
    expect((await letters(5)).kept).to.equal(5)
  })

  it('that come while others are written are written too', async () => {
    const made = await letters(10)
    const commit = store.commit.bind(store)
    let during: (() => void) | undefined = () => made.add(letter('two'), 'MAILBOX_FULL')
    store.commit = async changes => {
      during?.()
      during = undefined
      await commit(changes)
    }
    made.add(letter('one'), 'MAILBOX_FULL')
    await clock.pass(500)
    expect(await contents(made)).to.deep.equal(['two', 'one'])
    expect(clock.pending).to.equal(0)
  })

  it('are bounded while they wait, in number and in bytes, and counted in any case', async () => {
    const made = await letters(100_000)
    for (let count = 0; count < 5_000; count++) made.add(letter('x'), 'MAILBOX_FULL')
    await clock.pass(200)
    expect([made.kept, made.counted]).to.deep.equal([4_096, 5_000])
    for (let count = 0; count < 50; count++) made.add(letter('x'.repeat(1_000_000)), 'MAILBOX_FULL')
    await clock.pass(200)
    expect([made.kept, made.counted]).to.deep.equal([4_096 + 33, 5_050])
  })

  it('that the store does not take are counted and said once a batch, and later ones are kept again', async () => {
    const made = await letters(10)
    const commit = store.commit.bind(store)
    store.commit = () => Promise.reject(new Error('disk full'))
    for (let count = 0; count < 100; count++) made.add(letter('lost'), 'MAILBOX_FULL')
    await clock.pass(200)
    expect(log.lines.map(({ message, fields }) => [message, fields['count']])).to.deep.equal([['dead letters could not be kept', 100]])
    expect(made.kept).to.equal(0)
    store.commit = commit
    made.add(letter('kept'), 'MAILBOX_FULL')
    await clock.pass(200)
    expect([await contents(made), made.kept, made.counted]).to.deep.equal([['kept'], 1, 101])
  })

  it('are only counted when none are to be kept', async () => {
    const made = await letters(0)
    made.add(letter('one'), 'MAILBOX_FULL')
    await settled()
    expect([made.kept, made.counted, clock.pending]).to.deep.equal([0, 1, 0])
  })
})
