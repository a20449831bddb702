import { expect } from 'chai'
import { MainLoop } from '../../../../kernel/routing/main-loop.js'
import { ringBuffer, RingReader, RingWriter } from '../../../../kernel/routing/frames/ring.js'
import { wakeBuffer, WakeWord } from '../../../../kernel/routing/frames/wake-word.js'
import { RecordingLogger } from '../../../support/recording-logger.js'
import { settled, VirtualClock } from '../../../support/virtual-clock.js'

describe('the main loop', () => {
  let clock: VirtualClock
  let log: RecordingLogger
  let writers: RingWriter[]
  let loop: MainLoop
  let taken: number[]
  let expired: number
  let fail: (record: number) => boolean

  beforeEach(() => {
    clock = new VirtualClock()
    log = new RecordingLogger()
    taken = []
    expired = 0
    fail = () => false
    const rings = [ringBuffer(65_536), ringBuffer(65_536)]
    writers = rings.map(buffer => new RingWriter(buffer))
    const post = {
      due: 0,
      arrive (bytes: Uint8Array, _view: DataView, at: number) {
        const record = bytes[at] ?? 0
        if (fail(record)) throw new Error('broken')
        taken.push(record)
      },
      expire () {
        expired += 1
        if (fail(-1)) throw new Error('broken')
      },
    }
    loop = new MainLoop(rings.map(buffer => new RingReader(buffer)), post, new WakeWord(wakeBuffer()), clock, log)
  })
  const write = (which: number, record: number): void => {
    const writer = writers[which]
    if (writer === undefined) return
    writer.bytes[writer.reserve(1)] = record
    writer.publish()
  }

  it('takes what waits in every ring, a share of each at a time', async () => {
    for (let count = 0; count < 600; count++) write(0, 1)
    write(1, 2)
    loop.start()
    await settled()
    expect(taken.indexOf(2)).to.equal(500)
    await settled()
    expect(taken).to.have.length(601)
    await loop.stop()
    expect(clock.pending).to.equal(0)
  })

  it('says so when a frame brings about an error, and goes on with the next', async () => {
    fail = record => record === 1
    for (const record of [1, 2, 1, 3]) write(0, record)
    loop.start()
    await settled()
    expect(taken).to.deep.equal([2, 3])
    expect(log.lines.filter(({ level }) => level === 'error')).to.have.length(2)
    await loop.stop()
  })

  it('goes on looking at deadlines when that failed once', async () => {
    fail = record => record === -1
    loop.start()
    clock.advance(60)
    expect(expired).to.equal(4)
    await loop.stop()
    expect(clock.pending).to.equal(0)
  })

  describe('where messages from elsewhere are answered at once', () => {
    let wake: WakeWord
    /** Called when the loop stands still. */
    let meanwhile: () => void

    beforeEach(async () => {
      meanwhile = () => {}
      wake = new class extends WakeWord {
        override nap (milliseconds: number, hasWork: () => boolean): void {
          meanwhile()
          super.nap(milliseconds, hasWork)
        }
      }(wakeBuffer())
      const rings = [ringBuffer(65_536), ringBuffer(65_536)]
      writers = rings.map(buffer => new RingWriter(buffer))
      const post = {
        due: Infinity, expire: () => {},
        arrive: (bytes: Uint8Array, _: DataView, at: number) => { taken.push(bytes[at] ?? 0) },
      }
      loop = new MainLoop(rings.map(buffer => new RingReader(buffer)), post, wake, clock, log)
      loop.start()
      await settled()
    })

    afterEach(() => loop.stop())

    const exchange = async (record: number, late = 0): Promise<void> => {
      loop.expectAnswer()
      await settled()
      clock.advance(late)
      write(0, record)
      wake.signal()
      await settled()
    }
    /** Whether the loop stands still for the answer, and takes it at once. */
    const isAwaited = async (messages = 1): Promise<boolean> => {
      meanwhile = () => { write(1, 99) }
      for (let count = 0; count < messages; count++) loop.expectAnswer()
      await Promise.resolve()
      meanwhile = () => {}
      const isTaken = taken.includes(99)
      wake.signal()
      await settled()
      return isTaken
    }

    it('stands still for the answer for a moment, instead of being woken', async () => {
      for (let count = 0; count < 8; count++) await exchange(1)
      expect(await isAwaited()).to.equal(true)
    })

    it('does not before that was so several times, nor when answers take long', async () => {
      for (let count = 0; count < 7; count++) await exchange(1)
      expect(await isAwaited()).to.equal(false)
      for (let count = 0; count < 20; count++) await exchange(1, 5)
      expect(await isAwaited()).to.equal(false)
    })

    it('does not while several messages come at once', async () => {
      for (let count = 0; count < 8; count++) await exchange(1)
      expect(await isAwaited(2)).to.equal(false)
    })

    it('gives up after a moment, and is woken by what comes later', async () => {
      for (let count = 0; count < 16; count++) await exchange(1)
      loop.expectAnswer()
      await settled()
      taken = []
      write(0, 7)
      wake.signal()
      await settled()
      expect(taken).to.deep.equal([7])
    })
  })
})
