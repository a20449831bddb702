import { expect } from 'chai'
import type { Store } from '../../../../../kernel/contract/index.js'
import { DeadLetters } from '../../../../../kernel/routing/dead-letters/dead-letters.js'
import { decodeFrame, encodeFrame } from '../../../../../kernel/routing/frames/frame.js'
import { shownLetter, type KeptLetter } from '../../../../../kernel/routing/dead-letters/kept-letter.js'
import { ANY, type LetterChoice } from '../../../../../kernel/routing/dead-letters/letter-choice.js'
import { MemoryStore } from '../../../../../plugins/store-memory/memory-store.js'
import { RecordingLogger } from '../../../../support/recording-logger.js'
import { settled, VirtualClock } from '../../../../support/virtual-clock.js'

const letter = (content: string): Uint8Array => encodeFrame({
  act: 'request', receiver: { handle: 2, generation: 1 }, sender: { handle: 3, generation: 1 }, fields: { ontology: 'o' },
  content: Buffer.from(content),
})

const textOf = (frame: Uint8Array): string => Buffer.from(decodeFrame(frame).content).toString()
const newest = async (made: DeadLetters, limit: number): Promise<KeptLetter[]> =>
  (await made.list(ANY, '', limit)).found.map(found => found.letter)

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
    (await newest(made, 1_000)).map(({ frame }) => textOf(frame))

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
    const { found: [latest, oldest] } = await made.list(ANY, '', 2)
    expect([latest?.letter.reason, oldest?.letter.reason]).to.deep.equal(['AGENT_TRAPPED', 'MAILBOX_FULL'])
    const shown = shownLetter('id', latest?.letter ?? expect.fail('there is none'))
    expect(shown).to.include({ priority: 'normal', delivery: 'at-most-once', expiresAt: 0n })
    expect(shown.message).to.include({ sender: 'asker', receiver: 'echo', performative: 'request', ontology: 'o' })
    expect(await made.get(latest?.id ?? '')).to.deep.equal(latest?.letter)
    expect(await contents(made)).to.deep.equal(['two', 'one'])
    expect([made.kept, made.counted]).to.deep.equal([2, 2])
  })

  it('bear the names that their agents had when they failed', async () => {
    const made = await letters(10)
    made.add(letter('one'), 'MAILBOX_FULL')
    names.clear()
    await made.flush()
    expect((await newest(made, 1))[0]).to.include({ sender: 'asker', receiver: 'echo' })
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

  /** As many letters as asked for, a millisecond apart, from two agents and for two reasons. */
  const filled = async (count: number): Promise<DeadLetters> => {
    const made = await letters(100_000)
    for (let index = 0; index < count; index++) {
      made.add(letter(String(index)), index % 2 === 0 ? 'MAILBOX_FULL' : 'AGENT_TRAPPED')
      clock.advance(1)
    }
    await clock.pass(200)
    return made
  }
  const removeAll = async (made: DeadLetters, choice: LetterChoice, limit: number, gone = (_: KeptLetter) => true): Promise<string[][]> => {
    const pages: string[][] = []
    for (let page = ''; ;) {
      const { found, next } = await made.remove(choice, page, limit, gone)
      pages.push(found.map(each => textOf(each.letter.frame)))
      page = next
      if (page === '') return pages
    }
  }

  it('are listed page by page, newest first, each once, whatever comes meanwhile', async () => {
    const made = await filled(7)
    const seen: string[] = []
    for (let page = ''; ;) {
      const { found, next } = await made.list(ANY, page, 3)
      seen.push(...found.map(each => textOf(each.letter.frame)))
      made.add(letter('new'), 'MAILBOX_FULL')
      await clock.pass(200)
      page = next
      if (page === '') break
    }
    expect(seen).to.deep.equal(['6', '5', '4', '3', '2', '1', '0'])
  })

  it('are deleted oldest first, a bounded number at a time, and those that come meanwhile stay', async () => {
    const made = await filled(7)
    const pages = await removeAll(made, ANY, 3, () => {
      made.add(letter('new'), 'MAILBOX_FULL')
      return true
    })
    expect(pages).to.deep.equal([['0', '1', '2'], ['3', '4', '5'], ['6']])
    await clock.pass(200)
    expect([made.kept, await store.count('dead-letters')]).to.deep.equal([7, 7])
  })

  it('are chosen by id, agent, reason and age, all that is given', async () => {
    const made = await filled(6)
    const start = clock.now() - 6 - 200
    const chosen = async (choice: Partial<LetterChoice>): Promise<string> =>
      (await made.list({ ...ANY, ...choice }, '', 100)).found.map(each => textOf(each.letter.frame)).join('')
    expect(await chosen({ reason: 'AGENT_TRAPPED' })).to.equal('531')
    expect(await chosen({ agent: 'asker' })).to.equal('543210')
    expect(await chosen({ agent: 'echo', reason: 'MAILBOX_FULL', before: start + 3 })).to.equal('20')
    expect(await chosen({ agent: 'nobody' })).to.equal('')
    const { found } = await made.list(ANY, '', 100)
    const ids = [found[0]?.id ?? '', '000000000000-000000', found[3]?.id ?? '']
    expect(await chosen({ ids })).to.equal('52')
    expect(await chosen({ ids, reason: 'AGENT_TRAPPED' })).to.equal('5')
  })

  it('look at a bounded number of letters for one page, though none of them is meant', async () => {
    const made = await letters(100_000)
    for (let round = 0; round < 3; round++) {
      for (let count = 0; count < 4_000; count++) made.add(letter('x'), 'MAILBOX_FULL')
      await clock.pass(200)
    }
    const { found, lookedAt, next } = await made.list({ ...ANY, agent: 'nobody' }, '', 10)
    expect([found.length, lookedAt, next === '']).to.deep.equal([0, 5_000, false])
  }).timeout(20_000)

  it('stay when they are not to go, or the store can\'t let them go', async () => {
    const made = await filled(4)
    await removeAll(made, ANY, 3, () => false)
    expect(made.kept).to.equal(4)
    store.commit = () => Promise.reject(new Error('disk full'))
    expect(await made.remove(ANY, '', 3, () => true).catch(String)).to.include('disk full')
    expect([made.kept, await store.count('dead-letters')]).to.deep.equal([4, 4])
  })

  it('keep ids that go up, over a restart and when the clock goes back', async () => {
    const made = await filled(2)
    const before = (await made.list(ANY, '', 1)).found[0]?.id ?? ''
    clock = new VirtualClock(1)
    const again = await letters(100_000)
    again.add(letter('later'), 'MAILBOX_FULL')
    await clock.pass(200)
    const { found: [latest] } = await again.list(ANY, '', 1)
    expect(textOf(latest?.letter.frame ?? letter(''))).to.equal('later')
    expect((latest?.id ?? '') > before).to.equal(true)
  })

  it('say when there is none of an id', async () => {
    const made = await letters(10)
    const answer: unknown = await made.get('000000000000-000001').catch((error: unknown) => error)
    expect(answer).to.include({ code: 'DEAD_LETTER_NOT_FOUND' })
  })
})
