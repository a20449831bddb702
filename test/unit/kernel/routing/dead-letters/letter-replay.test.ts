import { expect } from 'chai'
import fc from 'fast-check'
import { FRAME, FRAME_FLAGS } from '../../../../../kernel/contract/index.js'
import { Directory } from '../../../../../kernel/routing/directory/directory.js'
import { decodeFrame, encodeFrame, frameFault } from '../../../../../kernel/routing/frames/frame.js'
import type { KeptLetter } from '../../../../../kernel/routing/dead-letters/kept-letter.js'
import { LetterReplay } from '../../../../../kernel/routing/dead-letters/letter-replay.js'
import { replayedFrame } from '../../../../../kernel/routing/dead-letters/replayed-frame.js'
import { CALLER_HANDLE, CONDITION } from '../../../../../kernel/routing/directory/route-table.js'
import { RoutingScene } from '../../../../support/routing-scene.js'
import { VirtualClock } from '../../../../support/virtual-clock.js'

const OLD = { handle: 77, generation: 3 }
const { platform, receipt, redelivered, expires } = FRAME_FLAGS

const dead = (more: Partial<Parameters<typeof encodeFrame>[0]> = {}): Uint8Array => encodeFrame({
  act: 'request', receiver: OLD, sender: OLD, conversation: 5n, deadline: 10, expires: 10, priority: 2, flags: receipt,
  fields: { protocol: 'fipa-request', conversationId: 'mine', replyWith: 'r', to: 'echo', user: { 'X-a': 'b' } },
  content: Uint8Array.of(1, 2), ...more,
})

describe('the replay of a dead letter', () => {
  let scene: RoutingScene
  let directory: Directory
  let replay: LetterReplay
  const send = (letter: Partial<KeptLetter>): string | undefined =>
    replay.send({ at: 0, reason: 'MAILBOX_FULL', frame: dead(), receiver: 'echo', ...letter })
  const enter = (name: string): void => directory.place(directory.enter(name)?.handle ?? 0, 1, 0, CONDITION.running)

  beforeEach(() => {
    scene = new RoutingScene()
    directory = new Directory(scene.routes, () => {})
    replay = new LetterReplay(scene.post, directory, new VirtualClock(1_000))
    enter('echo')
    enter('asker')
  })

  it('goes to who has the receiver\'s name now, from who has the sender\'s, marked as handed in again', () => {
    expect(send({ sender: 'asker' })).to.equal(undefined)
    expect(scene.local.received[0]).to.deep.include({
      receiver: directory.address('echo'), sender: directory.address('asker'), flags: receipt | redelivered, priority: 2, act: 'request',
    })
    expect(Buffer.from(scene.local.received[0]?.content ?? [])).to.deep.equal(Buffer.of(1, 2))
  })

  it('goes in the name of the callers when the sender is gone or was one of them', () => {
    for (const sender of [{ sender: 'gone' }, { sender: 'caller' }, {}]) send(sender)
    expect(scene.local.received.map(frame => frame.sender.handle)).to.deep.equal(new Array(3).fill(CALLER_HANDLE))
  })

  it('leaves conversation, protocol, and times that have passed behind, and nothing else', () => {
    send({})
    const [frame] = scene.local.received
    expect(frame).to.deep.include({ conversation: 0n, deadline: 0, expires: 0 })
    expect({ ...frame?.fields, user: { ...frame?.fields.user } })
      .to.deep.equal({ conversationId: 'mine', replyWith: 'r', user: { 'X-a': 'b' } })
    send({ frame: dead({ deadline: 1_001 }) })
    expect(scene.local.received[1]?.deadline).to.equal(1_001)
  })

  it('says why it was not taken', () => {
    expect(send({ receiver: 'gone' })).to.equal('AGENT_NOT_FOUND')
    expect(replay.send({ at: 0, reason: 'MAILBOX_FULL', frame: dead() })).to.equal('AGENT_NOT_FOUND')
    scene.local.refusal = 'MAILBOX_FULL'
    expect(send({})).to.equal('MAILBOX_FULL')
    directory.setCondition(directory.address('echo')?.handle ?? 0, CONDITION.stopped)
    expect(send({})).to.equal('AGENT_NOT_RUNNING')
    expect([scene.local.received.length, scene.observer.letters.length]).to.deep.equal([0, 0])
  })

  it('of a failure of the platform stays one', () => {
    send({ frame: dead({ flags: platform }) })
    expect(scene.local.received[0]).to.deep.include({ flags: platform | redelivered, isFailure: true })
  })

  it('is a sound frame whatever fields the letter has, even bytes that are no text', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 60 }), fc.boolean(), (noise, ends) => {
      const frame = dead({ fields: { ontology: 'x'.repeat(noise.length), protocol: 'p' }, expires: ends ? 5 : 0 })
      frame.set(noise, frame.indexOf(120, FRAME.headerBytes) < 0 ? frame.length : frame.indexOf(120, FRAME.headerBytes))
      const again = replayedFrame(frame, OLD, OLD, 0)
      expect(frameFault(again, new DataView(again.buffer), 0, again.length)).to.equal(undefined)
      expect(decodeFrame(again).flags & expires).to.equal(0)
      if (noise.length > 0) expect(Buffer.from(again).includes(Buffer.from(noise))).to.equal(true)
    }))
  })
})
