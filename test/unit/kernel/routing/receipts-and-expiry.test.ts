import { expect } from 'chai'
import { FRAME_FLAGS, HOST_RESULTS } from '../../../../kernel/contract/index.js'
import { decodeFrame, encodeFrame } from '../../../../kernel/routing/frames/frame.js'
import { messageIdText } from '../../../../kernel/routing/frames/message-id.js'
import type { ReceiptWord } from '../../../../kernel/routing/platform-answers.js'
import { contentOf, RoutingScene, type Sending } from '../../../support/routing-scene.js'

const { platform, redelivered, receipt, expires } = FRAME_FLAGS
const RECEIPT = platform | receipt
const PROTOCOL = { protocol: 'fipa-request' }

describe('the flags of a message', () => {
  let scene: RoutingScene
  beforeEach(() => { scene = new RoutingScene() })

  it('are the sender\'s as far as receipt and expiry go, and stamped otherwise', () => {
    scene.send(scene.here, { flags: receipt | redelivered | 0xf0, expires: 2_000_000 })
    expect(scene.local.received[0]).to.deep.include({ flags: receipt | expires, expires: 2_000_000 })
  })

  it('ask for no receipt when a message of the platform is sent on as it came', () => {
    scene.send(scene.here, { flags: RECEIPT })
    expect(scene.local.received[0]?.flags).to.equal(0)
  })
})

describe('a message that expires', () => {
  let scene: RoutingScene
  beforeEach(() => { scene = new RoutingScene() })

  it('is handed over while its time lasts', () => {
    scene.arrive(scene.there, { expires: scene.now + 1 })
    expect(scene.local.received[0]?.expires).to.equal(scene.now + 1)
  })

  it('comes back when it arrives too late: a failure to its sender, and a dead letter', () => {
    scene.arrive(scene.there, { expires: scene.now, fields: { replyWith: 'r' } })
    expect(scene.local.received).to.have.length(0)
    expect(scene.observer.letters.map(({ reason }) => reason)).to.deep.equal(['MESSAGE_EXPIRED'])
    const answer = scene.takeFromRing()
    expect(answer).to.deep.include({ act: 'failure', receiver: scene.there, flags: platform })
    expect(contentOf(answer ?? { content: new Uint8Array(0) })).to.include({ code: 'MESSAGE_EXPIRED' })
  })

  it('takes no step in its conversation when it comes too late', () => {
    const { frame: { conversation } } = scene.send(scene.here, { to: scene.there, fields: PROTOCOL })
    scene.arrive(scene.there, { act: 'inform', conversation, expires: scene.now })
    scene.arrive(scene.there, { act: 'agree', conversation })
    expect(scene.local.received.map(({ act }) => act)).to.deep.equal(['agree'])
  })

  it('may say any 64 bits', () => {
    scene.arrive(scene.there, { expires: -1 })
    scene.arrive(scene.there, { expires: 2 ** 62 })
    expect(scene.local.received.map(frame => frame.expires)).to.deep.equal([2 ** 62])
  })
})

describe('a receipt', () => {
  let scene: RoutingScene
  beforeEach(() => { scene = new RoutingScene() })

  /** The receiver `here` has handled a message from the other thread. */
  const handled = ({ fields = {}, content: _, ...more }: Sending, word: ReceiptWord = 'handled'): void => {
    const bytes = encodeFrame({
      act: 'request', receiver: scene.here, sender: scene.there, fields, content: new Uint8Array(0), ...more,
    })
    scene.post.platform.confirm(bytes, new DataView(bytes.buffer), 0, bytes.length, word)
  }

  it('goes to who asked for one, and names the message and what it is a reply to', () => {
    handled({ flags: receipt, fields: { replyWith: 'r', conversationId: 'mine', ...PROTOCOL }, conversation: 7n, priority: 2 })
    const came = scene.takeFromRing()
    const { there: receiver, here: sender } = scene
    expect(came).to.deep.include({ act: 'inform', receiver, sender, flags: RECEIPT, conversation: 7n, priority: 2 })
    expect(came?.fields).to.deep.include({ inReplyTo: 'r', conversationId: 'mine' }).and.not.to.have.property('protocol')
    const messageId = messageIdText({ epoch: 0n, counter: 0n })
    expect(contentOf(came ?? { content: new Uint8Array(0) })).to.deep.equal({ code: 'MESSAGE_HANDLED', messageId })
  })

  it('says before that a message was accepted, by another act and another code', () => {
    handled({ flags: receipt, delivery: 1 }, 'accepted')
    const came = scene.takeFromRing()
    expect(came).to.deep.include({ act: 'agree', receiver: scene.there, flags: RECEIPT, delivery: 0 })
    expect(contentOf(came ?? { content: new Uint8Array(0) })).to.include({ code: 'MESSAGE_ACCEPTED' })
  })

  it('does not go to who asked for none, or is the platform', () => {
    handled({})
    handled({ flags: RECEIPT })
    expect(scene.takeFromRing()).to.equal(undefined)
  })

  it('that says accepted goes also to who sends a message twice, whose new conversation ends with a failure', () => {
    const { frame: { conversation }, bytes } = scene.send(scene.here, { to: scene.there, fields: PROTOCOL, flags: receipt })
    scene.takeFromRing()
    for (const [first, acts] of [[conversation, ['agree']], [7n, ['agree', 'agree', 'failure']]] as const) {
      const stamped = encodeFrame({ ...decodeFrame(bytes), sender: scene.here, receiver: scene.there })
      scene.post.platform.duplicate(stamped, first)
      expect(scene.local.received.map(({ act }) => act)).to.deep.equal(acts)
    }
    expect(contentOf(scene.local.received[2] ?? { content: new Uint8Array(0) })).to.include({ code: 'MESSAGE_DUPLICATE' })
    expect([scene.conversations.table.size, scene.observer.letters.length]).to.deep.equal([0, 0])
  })

  it('is no step of its conversation, whether that is open or over, and is never told off', () => {
    const { frame: { conversation } } = scene.send(scene.here, { to: scene.there, fields: PROTOCOL })
    scene.takeFromRing()
    scene.arrive(scene.there, { conversation, flags: RECEIPT })
    expect(scene.conversations.table.size).to.equal(1)
    scene.arrive(scene.there, { act: 'inform', conversation })
    scene.arrive(scene.there, { conversation, flags: RECEIPT })
    expect(scene.local.received.map(({ flags }) => flags)).to.deep.equal([RECEIPT, 0, RECEIPT])
    expect([scene.conversations.table.size, scene.takeFromRing(), scene.observer.letters.length]).to.deep.equal([0, undefined, 0])
  })

  it('has no part in the places that mailboxes keep for failures', () => {
    scene.arrive(scene.there, { flags: RECEIPT })
    scene.arrive(scene.there, { flags: platform })
    expect(scene.local.received.map(({ isFailure }) => isFailure)).to.deep.equal([false, true])
  })

  it('that cannot be delivered is a dead letter, and nobody is told', () => {
    scene.local.refusal = 'MAILBOX_FULL'
    scene.arrive(scene.there, { flags: RECEIPT })
    expect(scene.observer.letters.map(({ reason }) => reason)).to.deep.equal(['MAILBOX_FULL'])
    expect(scene.takeFromRing()).to.equal(undefined)
  })

  it('can be asked for by any sender', () => {
    expect(scene.send(scene.here, { flags: receipt }).result).to.equal(HOST_RESULTS.ok)
  })
})
