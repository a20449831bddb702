import { expect } from 'chai'
import { recordOf, RecordKind } from '../../../../../kernel/contract/links/link-records.js'
import { LinkWriter } from '../../../../../kernel/contract/links/link-writer.js'
import { VirtualClock } from '../../../../support/virtual-clock.js'
import { PairedWire } from '../../../../support/wire-pair.js'

const PING = recordOf(RecordKind.ping)
const never = new AbortController().signal

describe('LinkWriter', () => {
  let clock: VirtualClock
  let wire: PairedWire
  let writer: LinkWriter

  beforeEach(() => {
    clock = new VirtualClock()
    wire = PairedWire.pair(clock)[0]
    writer = new LinkWriter(wire, 1000)
  })

  const offer = (bytes: number): boolean => writer.offer(RecordKind.frame, new Uint8Array(bytes))

  it('writes what is urgent before all that waits, and the last record after it', async () => {
    const order: string[] = []
    expect(offer(2)).to.equal(true)
    writer.finish(recordOf(RecordKind.goodbye), () => { order.push('last was written') })
    writer.urge(PING)
    await clock.pass(0)
    expect(wire.writes).to.deep.equal([Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 2, 0, 0, 3, 0, 0, 0)])
    expect(order).to.deep.equal(['last was written'])
  })

  it('takes nothing above its bound, but one record of any size when nothing waits', async () => {
    expect(offer(5000)).to.equal(true)
    expect(offer(1)).to.equal(false)
    await clock.pass(0)
    expect([offer(496), offer(496), offer(1)]).to.deep.equal([true, true, false])
    expect(writer.waiting).to.equal(1000)
  })

  it('lets who waits for room go on when there is room for what was refused', async () => {
    offer(990)
    expect(offer(900)).to.equal(false)
    let isDrained = false
    const drained = writer.drained(never).then(() => { isDrained = true })
    await clock.pass(0)
    await drained
    expect(isDrained).to.equal(true)
    expect(offer(900)).to.equal(true)
  })

  it('ends the wait of everybody with an error', async () => {
    offer(990)
    const waits = [writer.drained(never), writer.drained(never)].map(wait => wait.catch((error: unknown) => error))
    writer.refuseWaiters(() => new Error('closed'))
    for (const error of await Promise.all(waits)) expect(error).to.be.instanceOf(Error)
  })

  it('writes nothing after it was stopped', async () => {
    offer(1)
    writer.stop()
    await clock.pass(10)
    expect(wire.writes).to.deep.equal([])
    expect(clock.pending).to.equal(0)
  })
})
