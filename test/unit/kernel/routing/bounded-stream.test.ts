import { expect } from 'chai'
import { BoundedStream } from '../../../../kernel/routing/bounded-stream.js'
import { settled } from '../../../support/virtual-clock.js'

describe('a bounded stream', () => {
  let leaving: AbortController
  const gather = async (stream: BoundedStream<number>, into: number[]): Promise<void> => {
    for await (const item of stream) into.push(item)
  }

  beforeEach(() => { leaving = new AbortController() })

  it('gives what was pushed before and while somebody reads, and ends with its signal', async () => {
    const stream = new BoundedStream<number>(10, leaving.signal)
    const seen: number[] = []
    stream.push(1)
    const reading = gather(stream, seen)
    await settled()
    stream.push(2)
    stream.push(3)
    await settled()
    leaving.abort()
    await reading
    expect(seen).to.deep.equal([1, 2, 3])
  })

  it('keeps the newest and counts what it left out', () => {
    const stream = new BoundedStream<number>(2, leaving.signal)
    for (const item of [1, 2, 3, 4, 5]) stream.push(item)
    expect([stream.takeSkipped(), stream.takeSkipped()]).to.deep.equal([3, 0])
  })

  it('wakes every reader that waits', async () => {
    const stream = new BoundedStream<number>(10, leaving.signal)
    const seen: number[] = []
    const readers = [gather(stream, seen), gather(stream, seen), gather(stream, seen)]
    await settled()
    for (const item of [1, 2, 3]) {
      stream.push(item)
      await settled()
    }
    expect(seen).to.have.members([1, 2, 3])
    leaving.abort()
    await Promise.all(readers)
  })

  it('gives two readers that wait one item each when two come at once', async () => {
    const stream = new BoundedStream<number>(10, leaving.signal)
    const [one, other] = [stream[Symbol.asyncIterator](), stream[Symbol.asyncIterator]()]
    const waiting = Promise.all([one.next(), other.next()])
    await settled()
    stream.push(1)
    stream.push(2)
    expect((await waiting).map(({ value }) => value)).to.have.members([1, 2])
  })

  it('ends at once when its signal is aborted already', async () => {
    leaving.abort()
    const seen: number[] = []
    await gather(new BoundedStream<number>(10, leaving.signal), seen)
    expect(seen).to.deep.equal([])
  })
})
