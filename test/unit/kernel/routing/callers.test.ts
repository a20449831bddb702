import { create } from '@bufbuild/protobuf'
import type { MessageInitShape } from '@bufbuild/protobuf'
import { expect } from 'chai'
import { AclMessageSchema, FRAME, FRAME_FLAGS } from '../../../../kernel/contract/index.js'
import { DurableIntake } from '../../../../kernel/routing/durable/durable-intake.js'
import { CallerInbox } from '../../../../kernel/routing/caller-inbox.js'
import { Callers, type Sent } from '../../../../kernel/routing/callers.js'
import { Conversations } from '../../../../kernel/routing/conversations.js'
import { Directory } from '../../../../kernel/routing/directory.js'
import { decodeFrame, encodeFrame } from '../../../../kernel/routing/frame.js'
import { MessageStamp } from '../../../../kernel/routing/message-stamp.js'
import { NameTable } from '../../../../kernel/routing/name-table.js'
import type { ConversationLimits } from '../../../../kernel/routing/open-conversations.js'
import { Post } from '../../../../kernel/routing/post.js'
import { ProtocolTable } from '../../../../kernel/routing/protocol-tables.js'
import { ringBuffer, RingReader, RingWriter } from '../../../../kernel/routing/ring.js'
import { CONDITION, RouteTable, routeTableBuffer } from '../../../../kernel/routing/route-table.js'
import { wakeBuffer, WakeWord } from '../../../../kernel/routing/wake-word.js'
import { USUAL_TERMS, type SendTerms } from '../../../../kernel/routing/send-terms.js'
import { REQUEST } from '../../../support/request-protocol.js'
import { CONVERSATION_LIMITS, FakeObserver } from '../../../support/routing-scene.js'
import { VirtualClock } from '../../../support/virtual-clock.js'

const TRACE = { traceId: 'ab'.repeat(16), spanId: 'cd'.repeat(8), sampled: true }

/** Callers of main, and an agent `echo` in the shard 1 that answers when a test says so. */
class Scene {
  readonly clock = new VirtualClock(1_000_000)
  readonly routes = new RouteTable(routeTableBuffer())
  readonly directory = new Directory(this.routes, () => {})
  readonly conversations: Conversations
  readonly callers: Callers
  readonly leaving = new AbortController()
  readonly #post: Post
  readonly #ring = ringBuffer(65_536)

  constructor (limits: Partial<ConversationLimits> = {}) {
    const inbox = new CallerInbox()
    const stamp = new MessageStamp(1n, 0, Uint32Array.of(1, 2, 3, 4), 0)
    this.conversations = new Conversations(0, 1, [new ProtocolTable(REQUEST)], { ...CONVERSATION_LIMITS, ...limits })
    const writers = [undefined, new RingWriter(this.#ring)]
    this.#post = new Post({
      place: 0, routes: this.routes, names: new NameTable(), local: inbox, observer: new FakeObserver(), stamp,
      writers, wakes: [wakeBuffer(), wakeBuffer()].map(wake => new WakeWord(wake)),
      conversations: this.conversations, now: () => this.clock.now(),
    })
    this.callers = new Callers({
      post: this.#post, inbox, intake: new DurableIntake(), conversations: this.conversations, directory: this.directory,
      routes: this.routes, stamp, writers, clock: this.clock, largestMessage: 10_000,
    })
    this.callers.open()
    this.directory.place(this.directory.enter('echo')?.handle ?? 0, 1, 0, CONDITION.running)
  }

  send (
    more: MessageInitShape<typeof AclMessageSchema> = {}, wait = true, terms: Partial<SendTerms> = {},
  ): Promise<Sent | Error> {
    const message = create(AclMessageSchema, { performative: 'request', receiver: 'echo', ...more })
    const patience = { milliseconds: 5_000, signal: this.leaving.signal, receiptOnly: !wait }
    const waits = wait || terms.receipt === true
    return this.callers.send(message, TRACE, waits ? patience : undefined, { ...USUAL_TERMS, ...terms }).catch((error: Error) => error)
  }

  /** What the agent got. */
  take (): Uint8Array {
    const reader = new RingReader(this.#ring)
    const at = reader.peek()
    const frame = reader.bytes.slice(at, at + reader.length)
    reader.release()
    return frame
  }

  /** Whether nothing is under way to the agent. */
  get isQuiet (): boolean {
    return new RingReader(this.#ring).isEmpty
  }

  /** The agent has handled the message, or failed at it. */
  settle (asked: Uint8Array, how: 'receipt' | 'failure'): void {
    const flags = how === 'receipt' ? FRAME_FLAGS.platform | FRAME_FLAGS.receipt : FRAME_FLAGS.platform
    this.answer(asked, how === 'receipt' ? 'inform' : 'failure', flags)
  }

  answer (asked: Uint8Array, act: 'agree' | 'inform' | 'propose' | 'failure', flags = 0): void {
    const { sender, receiver, conversation } = decodeFrame(asked)
    const bytes = encodeFrame({ act, receiver: sender, sender: receiver, conversation, flags, fields: {}, content: Uint8Array.of(1) })
    this.#post.arrive(bytes, new DataView(bytes.buffer), 0, bytes.length)
  }
}

const codeOf = (outcome: Sent | Error): unknown => outcome instanceof Error && 'code' in outcome ? outcome.code : undefined
const acts = (outcome: Sent | Error): unknown => outcome instanceof Error ? outcome : outcome.answers.map(answer => answer.performative)

describe('callers', () => {
  let scene: Scene

  beforeEach(() => { scene = new Scene() })
  afterEach(() => expect(scene.clock.pending).to.equal(0))

  it('get the answer to a message, under the names and the trace that they know', async () => {
    const sending = scene.send()
    const asked = scene.take()
    expect(decodeFrame(asked).traceId).to.equal(TRACE.traceId)
    expect(asked[FRAME.traceFlags]).to.equal(1)
    scene.answer(asked, 'inform')
    const sent = await sending
    expect(acts(sent)).to.deep.equal(['inform'])
    expect(sent).to.have.nested.include({ 'answers[0].sender': 'echo', 'answers[0].receiver': 'caller' })
    expect(scene.conversations.table.size).to.equal(0)
  })

  it('go on waiting after agree', async () => {
    const sending = scene.send()
    const asked = scene.take()
    scene.answer(asked, 'agree')
    scene.answer(asked, 'inform')
    expect(acts(await sending)).to.deep.equal(['agree', 'inform'])
  })

  it('with a protocol wait until it is over', async () => {
    const sending = scene.send({ protocol: 'fipa-request' })
    const asked = scene.take()
    scene.answer(asked, 'propose')
    scene.take()
    scene.answer(asked, 'agree')
    scene.answer(asked, 'inform')
    expect(acts(await sending)).to.deep.equal(['agree', 'inform'])
  })

  it('are told when no answer comes in time, and nothing of the conversation is left', async () => {
    for (const more of [{}, { protocol: 'fipa-request' }]) {
      const sending = scene.send(more)
      const asked = scene.take()
      scene.clock.advance(5_000)
      expect(codeOf(await sending)).to.equal('ANSWER_TIMEOUT')
      expect(scene.conversations.table.size).to.equal(0)
      scene.answer(asked, 'inform')
      expect(scene.isQuiet, 'a late answer is not answered').to.equal(true)
    }
    expect(scene.callers.unclaimed).to.equal(2)
  })

  it('who go away are not waited for, before or after', async () => {
    const sending = scene.send()
    scene.leaving.abort()
    expect(codeOf(await sending)).to.equal('CALL_CANCELLED')
    expect(codeOf(await scene.send())).to.equal('CALL_CANCELLED')
    expect(scene.conversations.table.size).to.equal(0)
  })

  it('who wait are told when the server stops, and nobody can send any more', async () => {
    const sending = scene.send()
    scene.callers.close()
    expect(codeOf(await sending)).to.equal('MESSAGES_STOPPING')
    expect(codeOf(await scene.send())).to.equal('MESSAGES_STOPPING')
  })

  it('are told when the thread that took their message is lost, and wait on when it had not taken it', async () => {
    const taken = scene.send()
    scene.take()
    const waiting = scene.send()
    scene.callers.threadLost(1)
    expect(acts(await taken)).to.deep.equal(['failure'])
    scene.answer(scene.take(), 'inform')
    expect(acts(await waiting)).to.deep.equal(['inform'])
  })

  it('who want a receipt wait for that alone, and hear what became of the message', async () => {
    for (const protocol of ['', 'fipa-request']) {
      const one = scene.send({ protocol }, false, { receipt: true })
      const asked = scene.take()
      expect(decodeFrame(asked).flags).to.equal(FRAME_FLAGS.receipt)
      scene.settle(asked, 'receipt')
      expect(await one).to.deep.include({ handled: true, answers: [] })
      const other = scene.send({ protocol }, false, { receipt: true })
      scene.settle(scene.take(), 'failure')
      expect([acts(await other), (await other as Sent).handled]).to.deep.equal([['failure'], false])
    }
    expect(scene.conversations.table.size, 'the conversation with a protocol waits for its answer').to.equal(1)
  })

  it('who want answers and a receipt wait for both, in whichever order they come', async () => {
    for (const protocol of ['', 'fipa-request']) {
      for (const receiptFirst of [true, false]) {
        const sending = scene.send({ protocol }, true, { receipt: true })
        const asked = scene.take()
        if (receiptFirst) scene.settle(asked, 'receipt')
        scene.answer(asked, 'agree')
        scene.answer(asked, 'inform')
        if (!receiptFirst) scene.settle(asked, 'receipt')
        const sent = await sending
        expect([acts(sent), (sent as Sent).handled]).to.deep.equal([['agree', 'inform'], true])
      }
    }
    expect(scene.conversations.table.size).to.equal(0)
  })

  it('give a message its priority and its time to live', async () => {
    await scene.send({}, false, { priority: 3, timeToLive: 500 })
    expect(decodeFrame(scene.take())).to.deep.include({ priority: 3, expires: scene.clock.now() + 500, flags: FRAME_FLAGS.expires })
  })

  it('who do not wait leave the answer unclaimed', async () => {
    const sent = await scene.send({}, false)
    expect(acts(sent)).to.deep.equal([])
    scene.answer(scene.take(), 'inform')
    expect(scene.callers.unclaimed).to.equal(1)
  })

  it('are told what is wrong with their message or their receiver', async () => {
    expect(codeOf(await scene.send({ performative: 'shout' }))).to.equal('MESSAGE_INVALID')
    expect(codeOf(await scene.send({ receiver: '' }))).to.equal('MESSAGE_INVALID')
    expect(codeOf(await scene.send({ receiver: 'nobody' }))).to.equal('AGENT_NOT_FOUND')
    expect(codeOf(await scene.send({ content: new Uint8Array(10_000) }))).to.equal('MESSAGE_TOO_LARGE')
    expect(codeOf(await scene.send({ performative: 'agree', protocol: 'fipa-request' }))).to.equal('ACT_NOT_LEGAL')
    scene.directory.setCondition(2, CONDITION.stopped)
    expect(codeOf(await scene.send())).to.equal('AGENT_NOT_RUNNING')
  })

  it('are told when there are too many conversations, rather than that the agent is ill', async () => {
    scene = new Scene({ all: 0, ofOne: 0 })
    expect(codeOf(await scene.send())).to.equal('TOO_MANY_CONVERSATIONS')
    expect(codeOf(await scene.send({ protocol: 'fipa-request' }))).to.equal('TOO_MANY_CONVERSATIONS')
  })
})
