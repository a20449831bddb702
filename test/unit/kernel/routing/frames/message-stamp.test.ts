import { expect } from 'chai'
import { FRAME, FRAME_FLAGS } from '../../../../../kernel/contract/index.js'
import { decodeFrame, encodeFrame } from '../../../../../kernel/routing/frames/frame.js'
import { MessageStamp } from '../../../../../kernel/routing/frames/message-stamp.js'
import { samples } from '../../../../support/trace-samples.js'

const SEED = Uint32Array.of(1, 2, 3, 4)

function frame (): { readonly bytes: Uint8Array, readonly view: DataView } {
  const bytes = encodeFrame({
    act: 'inform', receiver: { handle: 5, generation: 6 }, sender: { handle: 1, generation: 1 }, flags: FRAME_FLAGS.platform,
    fields: {}, content: new Uint8Array(0),
  })
  bytes.fill(0xff, FRAME.claimEpoch, FRAME.fieldBytes)
  return { bytes, view: new DataView(bytes.buffer) }
}

const stamped = (stamp: MessageStamp): ReturnType<typeof decodeFrame> => {
  const { bytes, view } = frame()
  stamp.stamp(view, 0, 9, 8, 0)
  return decodeFrame(bytes)
}

describe('the stamp on a message', () => {
  it('overwrites whatever the sender wrote where only the host may write', () => {
    const { bytes, view } = frame()
    new MessageStamp(0n, 0, SEED, samples(0)).stamp(view, 0, 9, 8, 0)
    const { sender, receiver, flags } = decodeFrame(bytes)
    expect({ sender, receiver, flags }).to.deep.equal({
      sender: { handle: 9, generation: 8 }, receiver: { handle: 5, generation: 6 }, flags: 0,
    })
    expect([view.getUint32(FRAME.claimEpoch), view.getUint32(FRAME.sequence), view.getUint16(FRAME.reserved)]).to.deep.equal([0, 0, 0])
  })

  it('gives ids that differ within a thread, between threads and between epochs', () => {
    const ids = new Set<string>()
    for (const epoch of [1n, 0xffffffffffffffffn]) {
      for (const thread of [0, 1, 128, 255]) {
        const stamp = new MessageStamp(epoch, thread, SEED, samples(0))
        for (let count = 0; count < 100; count++) {
          const { epoch: in_, counter } = stamped(stamp)
          expect(in_).to.equal(epoch)
          ids.add(`${in_}-${counter}`)
        }
      }
    }
    expect(ids.size).to.equal(800)
  })

  it('gives every message a span of its own within the trace', () => {
    const stamp = new MessageStamp(1n, 1, SEED, samples(0))
    stamp.beginTrace()
    const frames = Array.from({ length: 200 }, () => stamped(stamp))
    expect(new Set(frames.map(({ spanId }) => spanId)).size).to.equal(200)
    expect(new Set(frames.map(({ traceId }) => traceId)).size).to.equal(1)
    expect(frames[0]?.traceId).not.to.equal('0'.repeat(32))
  })

  it('goes on with the trace of the message that is handled, sampled or not', () => {
    for (const sampled of [true, false]) {
      const cause = new MessageStamp(1n, 1, SEED, samples(0))
      cause.adoptTrace({ traceId: '0123456789abcdef0123456789abcdef', spanId: '00f067aa0ba902b7', sampled })
      const { bytes, view } = frame()
      cause.stamp(view, 0, 9, 8, 0)
      const effect = new MessageStamp(2n, 2, Uint32Array.of(5, 6, 7, 8), samples(1))
      effect.beginTrace()
      effect.continueTrace(view, 0)
      const out = frame()
      effect.stamp(out.view, 0, 5, 6, 0)
      expect(decodeFrame(out.bytes).traceId).to.equal('0123456789abcdef0123456789abcdef')
      expect(decodeFrame(out.bytes).spanId).not.to.equal(decodeFrame(bytes).spanId)
      expect(out.bytes[FRAME.traceFlags]).to.equal(sampled ? 1 : 0)
    }
  })

  it('keeps for later where the message that is handled stands, and nothing else', () => {
    const stamp = new MessageStamp(1n, 1, SEED, samples(1))
    const { view } = frame()
    stamp.adoptTrace({ traceId: '0123456789abcdef0123456789abcdef', spanId: '00f067aa0ba902b7', sampled: true })
    stamp.stamp(view, 0, 9, 8, 0)
    expect(stamp.cause()).to.equal(undefined)
    stamp.handle(view, 0)
    stamp.beginSpan()
    const cause = stamp.cause()
    const span = [...stamp.current.span]
    stamp.beginTrace()
    expect([stamp.cause(), [...stamp.current.span]]).to.deep.equal([undefined, [0, 0]])
    if (cause === undefined) throw new Error('nothing was kept')
    stamp.resume(cause)
    expect([...stamp.current.span]).to.deep.equal(span)
    const later = frame()
    stamp.stamp(later.view, 0, 9, 8, 0)
    expect(decodeFrame(later.bytes).traceId).to.equal('0123456789abcdef0123456789abcdef')
    // A trace of beats would never end.
    expect(stamp.cause()).to.equal(undefined)
  })

  it('samples the share of new traces that it is told', () => {
    for (const [share, least, most] of [[0, 0, 0], [1, 1_000, 1_000], [0.25, 200, 300]] as const) {
      const stamp = new MessageStamp(1n, 1, SEED, samples(share))
      let sampled = 0
      for (let count = 0; count < 1_000; count++) {
        stamp.beginTrace()
        sampled += stamp.current.sampled
      }
      expect(sampled).to.be.within(least, most)
    }
  })
})
