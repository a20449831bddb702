import { expect } from 'chai'
import { Endpoints, ServiceInbox, type Endpoint } from '../../../../../kernel/routing/directory/endpoints.js'
import { RecordingLogger } from '../../../../support/recording-logger.js'
import { settled } from '../../../../support/virtual-clock.js'

describe('the endpoints of the main thread', () => {
  it('get what is for their handle, and each frame for itself', () => {
    const endpoints = new Endpoints()
    const received: Array<[number, number]> = []
    const receiver = (handle: number): Endpoint =>
      ({ isFull: false, keepsFrames: true, receive: frame => received.push([handle, frame[0] ?? 0]) })
    for (const handle of [1, 2]) endpoints.add(handle, receiver(handle))
    for (const handle of [2, 1]) {
      expect(endpoints.reserve(handle, 1, false)).to.equal(undefined)
      endpoints.bytes[0] = handle * 10
      endpoints.commit()
    }
    expect(received).to.deep.equal([[2, 20], [1, 10]])
  })

  it('get frames in memory of their own if they keep them, else each in the place of the one before', () => {
    const kept = [true, false].map(keepsFrames => {
      const endpoints = new Endpoints()
      const frames: Uint8Array[] = []
      endpoints.add(1, { isFull: false, keepsFrames, receive: (frame, view) => frames.push(frame) + view.getUint8(0) })
      for (const value of [1, 2]) {
        endpoints.reserve(1, value, false)
        endpoints.bytes.fill(value, 0, value)
        endpoints.commit()
      }
      return frames.map(frame => [...frame])
    })
    expect(kept).to.deep.equal([[[1], [2, 2]], [[2], [2, 2]]])
  })

  it('are not there under other handles, and take failures only when they are full', () => {
    const endpoints = new Endpoints()
    endpoints.add(2, { isFull: true, keepsFrames: true, receive: () => {} })
    expect(endpoints.reserve(3, 1, false)).to.equal('AGENT_NOT_FOUND')
    expect(endpoints.reserve(2, 1, false)).to.equal('MAILBOX_FULL')
    expect(endpoints.reserve(2, 1, true)).to.equal(undefined)
  })
})

describe('the inbox of a service', () => {
  it('hands frames on when the one who brought them has finished, in their order', async () => {
    const handled: number[] = []
    const inbox = new ServiceInbox(frame => handled.push(frame[0] ?? 0), new RecordingLogger())
    for (const value of [1, 2, 3]) inbox.receive(Uint8Array.of(value))
    expect(handled).to.deep.equal([])
    await settled()
    expect(handled).to.deep.equal([1, 2, 3])
  })

  it('is bounded, and has room again when its frames were handled', async () => {
    const inbox = new ServiceInbox(() => {}, new RecordingLogger())
    for (let count = 0; count < 4_096; count++) {
      expect(inbox.isFull).to.equal(false)
      inbox.receive(new Uint8Array(0))
    }
    expect(inbox.isFull).to.equal(true)
    await settled()
    expect(inbox.isFull).to.equal(false)
  })

  it('says so when a frame could not be handled, and goes on with the next', async () => {
    const log = new RecordingLogger()
    const handled: number[] = []
    const inbox = new ServiceInbox(([value = 0]) => {
      if (value === 1) throw new Error('one')
      handled.push(value)
    }, log)
    for (const value of [1, 2]) inbox.receive(Uint8Array.of(value))
    await settled()
    expect(handled).to.deep.equal([2])
    expect(log.lines.map(({ level, fields }) => [level, fields])).to.deep.equal([['error', { cause: 'Error: one' }]])
  })
})
