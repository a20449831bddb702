import { Worker } from 'node:worker_threads'
import { expect } from 'chai'
import { ringBuffer, RingReader } from '../../../../kernel/routing/frames/ring.js'
import { wakeBuffer, WakeWord } from '../../../../kernel/routing/frames/wake-word.js'

const RECORDS = 200_000
/** Milliseconds in which a thread has long begun. */
const LONG = 30_000

describe('the ring between two real threads', () => {
  it('loses, damages and reorders nothing, and the reader sleeps through no signal', async () => {
    const [ring, wake] = [ringBuffer(65_536), wakeBuffer()]
    const worker = new Worker(new URL('../../../fixtures/threads/ring-writer.js', import.meta.url), {
      workerData: { ring, wake, records: RECORDS },
    })
    const failed = new Promise<never>((_, reject) => worker.once('error', reject))
    const reader = new RingReader(ring)
    const word = new WakeWord(wake)
    let next = 0
    while (next < RECORDS) {
      for (let at = reader.peek(); at >= 0; at = reader.peek()) {
        check(reader, at, next)
        next += 1
        reader.release()
      }
      if (next < RECORDS) await Promise.race([word.wait(() => !reader.isEmpty), failed])
    }
    expect(reader.isEmpty).to.equal(true)
    await worker.terminate()
  })

  it('ends a nap of the reader when something is written, and not the wait under it', async () => {
    const [ring, wake] = [ringBuffer(65_536), wakeBuffer()]
    const reader = new RingReader(ring)
    const word = new WakeWord(wake)
    let isOver = false
    const wait = word.wait(() => false).then(() => { isOver = true })
    const worker = new Worker(new URL('../../../fixtures/threads/ring-writer.js', import.meta.url), {
      workerData: { ring, wake, records: 1 },
    })
    const began = performance.now()
    word.nap(LONG, () => !reader.isEmpty)
    expect(performance.now() - began).to.be.below(LONG)
    await new Promise(resolve => setImmediate(resolve))
    expect([reader.isEmpty, isOver]).to.deep.equal([false, false])
    word.waitOn()
    word.signal()
    await wait
    await worker.terminate()
  })
})

function check (reader: RingReader, at: number, expected: number): void {
  const number = reader.view.getUint32(at, true)
  let sum = number
  for (let index = at + 8; index < at + reader.length; index++) sum = sum * 33 + (reader.bytes[index] ?? 0) >>> 0
  const isSound = number === expected && reader.length === 8 + number * 7919 % 400 && sum === reader.view.getUint32(at + 4, true)
  if (!isSound) throw new Error(`record ${expected} came as ${number} with ${reader.length} bytes and checksum ${sum}`)
}
