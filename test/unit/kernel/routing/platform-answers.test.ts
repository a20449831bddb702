import { expect } from 'chai'
import { FRAME_FLAGS } from '../../../../kernel/contract/index.js'
import { decodeFrame, encodeFrame, frameFault } from '../../../../kernel/routing/frames/frame.js'
import { answerTo } from '../../../../kernel/routing/platform-answers.js'
import { UNDELIVERABLE, UNDELIVERABLE_SENTENCES } from '../../../../kernel/routing/undeliverable.js'
import { contentOf } from '../../../support/routing-scene.js'

const request = encodeFrame({
  act: 'request', receiver: { handle: 2, generation: 3 }, sender: { handle: 4, generation: 5 }, conversation: 99n, priority: 3,
  fields: { protocol: 'fipa-request', conversationId: 'mine', replyWith: 'r1', ontology: 'o', user: { 'X-a': 'b' } },
  content: Uint8Array.of(1),
})

describe('an answer of the platform', () => {
  it('comes in the name of the receiver, to the sender, in the same conversation', () => {
    const { act, sender, receiver, conversation, priority, flags, fields } =
      decodeFrame(answerTo(request, { act: 'failure', code: 'MAILBOX_FULL' }))
    expect({ act, sender, receiver, conversation, priority, flags }).to.deep.equal({
      act: 'failure', sender: { handle: 2, generation: 3 }, receiver: { handle: 4, generation: 5 }, conversation: 99n, priority: 3,
      flags: FRAME_FLAGS.platform,
    })
    expect({ ...fields, user: {} }).to.deep.equal({ protocol: 'fipa-request', conversationId: 'mine', inReplyTo: 'r1', user: {} })
  })

  it('says why with a stable code and a sentence, for every reason', () => {
    for (const code of UNDELIVERABLE) {
      const content = contentOf(decodeFrame(answerTo(request, { act: 'failure', code })))
      expect(content).to.deep.equal({ code, reason: UNDELIVERABLE_SENTENCES[code] })
    }
  })

  it('says what would have been legal', () => {
    const answer = answerTo(request, { act: 'not-understood', code: 'ACT_NOT_LEGAL', state: 'agreed', acts: ['inform', 'failure'] })
    expect(contentOf(decodeFrame(answer))).to.deep.equal({
      code: 'ACT_NOT_LEGAL', reason: 'in the state "agreed" the legal acts are: inform, failure', state: 'agreed',
      legal: ['inform', 'failure'],
    })
  })

  it('is a sound frame even when a field of the original was no text and grew when it was read', () => {
    const odd = encodeFrame({
      act: 'request', receiver: { handle: 2, generation: 3 }, sender: { handle: 4, generation: 5 },
      fields: { replyWith: 'a'.repeat(60_000) }, content: new Uint8Array(0),
    })
    odd.fill(0xff, 100)
    const answer = answerTo(odd, { act: 'failure', code: 'MAILBOX_FULL' })
    expect(frameFault(answer, new DataView(answer.buffer), 0, answer.length)).to.equal(undefined)
    expect(decodeFrame(answer).fields.inReplyTo).to.equal(undefined)
  })
})
