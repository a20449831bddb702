import { expect } from 'chai'
import { FRAME, FRAME_FLAGS } from '../../../../../kernel/contract/index.js'
import type { Sent } from '../../../../../kernel/routing/callers/caller-outcome.js'
import { decodeFrame } from '../../../../../kernel/routing/frames/frame.js'
import { CONDITION, FIRST_AGENT_HANDLE } from '../../../../../kernel/routing/directory/route-table.js'
import { CallersScene, CALL_TRACE, codeOf } from '../../../../support/callers-scene.js'

const acts = (outcome: Sent | Error): unknown => outcome instanceof Error ? outcome : outcome.answers.map(answer => answer.performative)

describe('callers', () => {
  let scene: CallersScene

  beforeEach(() => { scene = new CallersScene() })
  afterEach(() => expect(scene.clock.pending).to.equal(0))

  it('get the answer to a message, under the names and the trace that they know', async () => {
    const sending = scene.send()
    const asked = scene.take()
    expect(decodeFrame(asked).traceId).to.equal(CALL_TRACE.traceId)
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

  it('hear what comes before it is known that their message was kept, and that it was', async () => {
    let keep: () => void = () => {}
    let kept: Uint8Array = new Uint8Array(0)
    scene.intake.accept = frame => {
      kept = frame
      return new Promise(resolve => { keep = () => resolve(undefined) })
    }
    const sending = scene.send({}, true, { delivery: 1 })
    scene.answer(kept, 'inform')
    keep()
    const sent = await sending
    expect([acts(sent), (sent as Sent).accepted, scene.callers.unclaimed]).to.deep.equal([['inform'], true, 0])
    expect(scene.clock.pending).to.equal(0)
  })

  it('wait no more when their message could not be kept', async () => {
    scene.intake.accept = () => Promise.resolve('MESSAGE_NOT_KEPT')
    expect(codeOf(await scene.send({}, true, { delivery: 1 }))).to.equal('MESSAGE_NOT_KEPT')
    expect([scene.clock.pending, scene.conversations.table.size]).to.deep.equal([0, 0])
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
    scene.directory.setCondition(FIRST_AGENT_HANDLE, CONDITION.stopped)
    expect(codeOf(await scene.send())).to.equal('AGENT_NOT_RUNNING')
  })

  it('are told when there are too many conversations, rather than that the agent is ill', async () => {
    scene = new CallersScene({ all: 0, ofOne: 0 })
    expect(codeOf(await scene.send())).to.equal('TOO_MANY_CONVERSATIONS')
    expect(codeOf(await scene.send({ protocol: 'fipa-request' }))).to.equal('TOO_MANY_CONVERSATIONS')
  })
})
