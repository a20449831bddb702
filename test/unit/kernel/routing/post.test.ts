import { expect } from 'chai'
import { FRAME, FRAME_FLAGS, HOST_RESULTS, type Protocol } from '../../../../kernel/contract/index.js'
import { encodeFrame } from '../../../../kernel/routing/frames/frame.js'
import { CONDITION } from '../../../../kernel/routing/directory/route-table.js'
import { REQUEST } from '../../../support/request-protocol.js'
import { contentOf, RoutingScene } from '../../../support/routing-scene.js'

/** Its initiator may go on talking. */
const TALKATIVE: Protocol = {
  ...REQUEST, steps: ['requested', 'agreed'].reduce<Protocol['steps']>((steps, state) =>
    [...steps, { state, role: 'initiator', acts: ['inform'], to: state }], REQUEST.steps),
}
const NOBODY = { handle: 0, generation: 0 }

describe('the post', () => {
  let scene: RoutingScene

  beforeEach(() => { scene = new RoutingScene() })

  it('hands a message to a receiver in the same thread, with the sender stamped', () => {
    const { result } = scene.send(scene.here, { content: 'hello' })
    expect(result).to.equal(HOST_RESULTS.ok)
    expect(scene.local.received).to.have.length(1)
    expect(scene.local.received[0]).to.deep.include({ sender: scene.here, receiver: scene.alsoHere, flags: 0, epoch: 77n })
  })

  it('puts a message to another thread into the ring, and long ones whole', () => {
    scene.send(scene.here, { to: scene.there, content: 'x'.repeat(700) })
    expect(scene.local.received).to.have.length(0)
    const frame = scene.takeFromRing()
    expect(frame).to.deep.include({ sender: scene.here, receiver: scene.there })
    expect(Buffer.from(frame?.content ?? []).toString()).to.equal('x'.repeat(700))
  })

  it('writes message id and conversation back into the sender\'s frame, and nothing else', () => {
    scene.names.set('also', 3, 9)
    const before = encodeFrame({
      act: 'request', receiver: NOBODY, sender: NOBODY, fields: { to: 'also', protocol: 'fipa-request' }, content: new Uint8Array(0),
    })
    const { bytes, frame } = scene.send(scene.here, { to: NOBODY, fields: { to: 'also', protocol: 'fipa-request' } })
    expect(scene.local.received[0]?.receiver).to.deep.equal(scene.alsoHere)
    expect(frame.counter).to.equal(scene.local.received[0]?.counter)
    expect(frame.conversation).to.equal(scene.local.received[0]?.conversation)
    expect(frame.conversation).not.to.equal(0n)
    bytes.fill(0, FRAME.messageEpoch, FRAME.deadline)
    expect(bytes).to.deep.equal(before)
  })

  it('finds a receiver by name, and nobody by a name that is none', () => {
    scene.names.set('also', 3, 9)
    const names = ['nobody', 'also\0', '\0also', 'alsö', 'a'.repeat(300)]
    expect(scene.send(scene.here, { to: NOBODY, fields: { to: 'also' } }).result).to.equal(HOST_RESULTS.ok)
    for (const to of names) expect(scene.send(scene.here, { to: NOBODY, fields: { to } }).result, to).to.equal(HOST_RESULTS.noSuchAgent)
    expect(scene.send(scene.here, { to: NOBODY }).result).to.equal(HOST_RESULTS.noSuchAgent)
  })

  it('does not take invalid UTF-8 for the name that a reader would make of it', () => {
    scene.names.set('\ufffd', 3, 9)
    const bytes = encodeFrame({ act: 'inform', receiver: NOBODY, sender: NOBODY, fields: { to: 'a' }, content: new Uint8Array(0) })
    bytes[FRAME.headerBytes + 4] = 0xff
    expect(scene.post.send(bytes, new DataView(bytes.buffer), 0, bytes.length, 2, 9)).to.equal(HOST_RESULTS.noSuchAgent)
  })

  it('does not know a receiver of an earlier generation', () => {
    expect(scene.send(scene.here, { to: { handle: 3, generation: 8 } }).result).to.equal(HOST_RESULTS.noSuchAgent)
  })

  it('refuses what is no frame', () => {
    const { bytes } = scene.send(scene.here)
    const view = new DataView(bytes.buffer)
    bytes[FRAME.act] = 23
    expect(scene.post.send(bytes, view, 0, bytes.length, 2, 9)).to.equal(HOST_RESULTS.malformed)
    bytes[FRAME.act] = 1
    bytes[FRAME.delivery] = 3
    expect(scene.post.send(bytes, view, 0, bytes.length, 2, 9)).to.equal(HOST_RESULTS.malformed)
  })

  it('tells the sender at once that the mailbox, or the ring, is full', () => {
    scene.local.refusal = 'MAILBOX_FULL'
    expect(scene.send(scene.here).result).to.equal(HOST_RESULTS.full)
    for (let count = 0; count < 4; count++) scene.send(scene.here, { to: scene.there, content: 'x'.repeat(900) })
    expect(scene.send(scene.here, { to: scene.there, content: 'x'.repeat(900) }).result).to.equal(HOST_RESULTS.full)
    expect(scene.send(scene.here, { to: scene.there, content: 'x'.repeat(9_000) }).result).to.equal(HOST_RESULTS.tooLarge)
  })

  it('takes nothing for a stopped agent, and for a draining one only what belongs to a conversation', () => {
    const stopped = scene.agent(5, 1, CONDITION.stopped)
    const draining = scene.agent(6, 1, CONDITION.draining)
    expect(scene.send(scene.here, { to: stopped }).result).to.equal(HOST_RESULTS.noSuchAgent)
    expect(scene.send(scene.here, { to: draining }).result).to.equal(HOST_RESULTS.noSuchAgent)
    expect(scene.send(scene.here, { to: draining, conversation: 0x0200000000000001n }).result).to.equal(HOST_RESULTS.ok)
  })

  it('has what is said in a conversation delivered at least as its first message was, by either side', () => {
    const fields = { protocol: 'fipa-request' }
    scene = new RoutingScene({}, 4_096, [TALKATIVE])
    const said = (): unknown => scene.takeFromRing(scene.toMain)?.delivery
    const { conversation } = scene.send(scene.here, { to: scene.there, fields, delivery: 2 }).frame
    expect(said()).to.equal(2)
    // The other side's thread knows nothing of the conversation but its id.
    scene.arrive(scene.there, { to: scene.here, act: 'agree', conversation })
    const elsewhere = conversation & ~(0xffn << 56n) | 2n << 56n
    for (const [id, delivery, stamped] of [[elsewhere, 0, 2], [elsewhere, 1, 2], [0n, 1, 1]] as const) {
      scene.send(scene.here, { to: scene.there, act: 'inform', conversation: id, delivery })
      expect(said()).to.equal(stamped)
    }
    scene.send(scene.here, { to: scene.there, act: 'inform', conversation })
    expect(said()).to.equal(2)
    expect(scene.takeFromRing()).to.equal(undefined)
  })

  it('leaves one that began in memory there, unless a message wants more', () => {
    scene = new RoutingScene({}, 4_096, [TALKATIVE])
    const { conversation } = scene.send(scene.here, { to: scene.there, fields: { protocol: 'fipa-request' } }).frame
    expect(scene.takeFromRing()?.delivery).to.equal(0)
    scene.send(scene.here, { to: scene.there, act: 'inform', conversation, delivery: 1 })
    expect([scene.takeFromRing(scene.toMain)?.delivery, scene.takeFromRing()]).to.deep.equal([1, undefined])
  })

  it('lets an agent write to itself', () => {
    expect(scene.send(scene.here, { to: scene.here }).result).to.equal(HOST_RESULTS.ok)
    expect(scene.local.received[0]).to.deep.include({ sender: scene.here, receiver: scene.here })
  })

  it('takes a frame from another thread to its receiver', () => {
    scene.arrive(scene.there, { content: 'hello' })
    expect(scene.local.received[0]).to.deep.include({ sender: scene.there, receiver: scene.here })
  })

  it('throws at a record that is no frame, or is longer than its frame, and delivers nothing', () => {
    const bytes = encodeFrame({ act: 'inform', receiver: scene.here, sender: scene.there, fields: {}, content: Uint8Array.of(1) })
    const view = new DataView(bytes.buffer)
    view.setUint32(FRAME.length, 96, true)
    expect(() => scene.post.arrive(bytes, view, 0, bytes.length)).to.throw(RangeError)
    expect(scene.local.received).to.have.length(0)
  })

  it('gives a frame back that cannot be delivered: a failure to the sender, and a dead letter', () => {
    scene.arrive(scene.there, { to: { handle: 2, generation: 8 }, fields: { replyWith: 'r' } })
    expect(scene.observer.letters.map(({ reason }) => reason)).to.deep.equal(['AGENT_NOT_FOUND'])
    const answer = scene.takeFromRing()
    const sender = { handle: 2, generation: 8 }
    expect(answer).to.deep.include({ act: 'failure', receiver: scene.there, sender, flags: FRAME_FLAGS.platform })
    expect(answer?.fields.inReplyTo).to.equal('r')
  })

  it('gives the failure the trace of the frame that it answers', () => {
    scene.stamp.adoptTrace({ traceId: '1'.repeat(32), spanId: '2'.repeat(16), sampled: true })
    const receiver = { handle: 2, generation: 8 }
    const bytes = encodeFrame({ act: 'inform', receiver, sender: scene.there, fields: {}, content: new Uint8Array(0) })
    bytes.fill(0x22, FRAME.traceId, FRAME.traceId + 16)
    scene.post.arrive(bytes, new DataView(bytes.buffer), 0, bytes.length)
    expect(scene.takeFromRing()?.traceId).to.equal('22'.repeat(16))
  })

  it('never answers a failure of the platform by a failure', () => {
    scene.local.refusal = 'MAILBOX_FULL'
    scene.arrive(scene.there, { act: 'failure', flags: FRAME_FLAGS.platform })
    expect(scene.takeFromRing()).to.equal(undefined)
    expect(scene.observer.letters.map(({ reason }) => reason)).to.deep.equal(['MAILBOX_FULL'])
  })

  it('keeps the places for failures to the platform: an agent that says "failure" has none', () => {
    scene.send(scene.here, { act: 'failure' })
    scene.arrive(scene.there, { act: 'failure' })
    scene.arrive(scene.there, { act: 'failure', flags: FRAME_FLAGS.platform })
    expect(scene.local.received.map(({ isFailure }) => isFailure)).to.deep.equal([false, false, true])
  })

  it('does not bring a failure to the next owner of its receiver\'s handle', () => {
    const gone = { handle: 3, generation: 8 }
    const bytes = encodeFrame({ act: 'request', receiver: scene.here, sender: gone, fields: {}, content: new Uint8Array(0) })
    scene.post.bounce(bytes, new DataView(bytes.buffer), 0, bytes.length, 'AGENT_TRAPPED')
    expect(scene.local.received).to.have.length(0)
    expect(scene.observer.letters.map(({ reason }) => reason)).to.deep.equal(['AGENT_TRAPPED', 'AGENT_NOT_FOUND'])
  })

  it('shows every message to who watches once: where it is handed over, or where it failed', () => {
    scene.observer.watching = true
    scene.send(scene.here)
    scene.send(scene.here, { to: scene.there })
    scene.arrive(scene.there, { to: { handle: 2, generation: 8 } })
    expect(scene.observer.watched).to.deep.equal([-1, 0])
  })

  it('says in a failure what happened', () => {
    scene.arrive(scene.there, { to: { handle: 2, generation: 8 } })
    expect(contentOf(scene.takeFromRing() ?? { content: new Uint8Array(0) })).to.include({ code: 'AGENT_NOT_FOUND' })
  })
})
