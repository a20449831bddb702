import { create } from '@bufbuild/protobuf'
import type { MessageInitShape } from '@bufbuild/protobuf'
import { expect } from 'chai'
import { AclMessageSchema } from '../../../../../kernel/contract/index.js'
import { aclOf, conversationText, draftOf } from '../../../../../kernel/routing/frames/acl-message.js'
import { messageIdText } from '../../../../../kernel/routing/frames/message-id.js'
import { encodeFrame } from '../../../../../kernel/routing/frames/frame.js'

const draft = (more: MessageInitShape<typeof AclMessageSchema>): ReturnType<typeof draftOf> =>
  draftOf(create(AclMessageSchema, { performative: 'request', receiver: 'echo', ...more }))

function problemOf (more: MessageInitShape<typeof AclMessageSchema>): unknown {
  try {
    draft(more)
    return undefined
  } catch (error) {
    return error instanceof Error && 'details' in error ? (error.details as { readonly parameter: string }).parameter : error
  }
}

describe('a message from outside', () => {
  it('comes through with every parameter', () => {
    const all = {
      performative: 'CFP', protocol: 'p', language: 'l', encoding: 'e', ontology: 'o', conversationId: 'c', replyWith: 'w', inReplyTo: 't',
      replyTo: 'r', mediaType: 'text/plain', user: { 'X-one': '1' }, replyBy: 1_234n, content: Uint8Array.of(1, 2),
    }
    const frame = encodeFrame({ ...draft(all), receiver: { handle: 2, generation: 1 }, sender: { handle: 3, generation: 1 } })
    const { $typeName: _, ...read } = aclOf(frame, handle => `agent ${handle}`)
    expect(read).to.deep.equal({ ...all, performative: 'cfp', sender: 'agent 3', receiver: 'agent 2', receivers: [], replyToSet: [] })
  })

  it('is refused with the name of what is wrong in it', () => {
    expect(problemOf({ performative: 'shout' })).to.equal('performative')
    expect(problemOf({ ontology: 'ä'.repeat(513) })).to.equal('ontology')
    expect(problemOf({ ontology: 'a\0b' })).to.equal('ontology')
    expect(problemOf({ user: { 'Y-a': '1' } })).to.equal('Y-a')
    expect(problemOf({ user: { 'X-a': 'a'.repeat(1_025) } })).to.equal('X-a')
    expect(problemOf({ user: Object.fromEntries(Array.from({ length: 33 }, (_, index) => [`X-${index}`, ''])) })).to.equal('user')
    expect(problemOf({ replyBy: -1n })).to.equal('reply-by')
    expect(problemOf({ replyBy: 2n ** 63n - 1n })).to.equal('reply-by')
    expect(problemOf({ receivers: [{ name: 'a' }, { name: '' }] })).to.equal('receiver')
    expect(problemOf({ receivers: Array.from({ length: 101 }, (_, index) => ({ name: `a${index}` })) })).to.equal('receiver')
    expect(problemOf({ receivers: [{ name: 'a', addresses: ['x'.repeat(16_384)] }] })).to.equal('receivers')
    expect(problemOf({ replyToSet: [{ name: 'a', addresses: ['x'.repeat(16_384)] }] })).to.equal('replyTo')
    expect(problemOf({ ontology: 'ä'.repeat(512), user: { 'X-a': 'a'.repeat(1_024) } })).to.equal(undefined)
  })

  it('goes to each receiver once, and each copy says to whom it goes and who else got one', () => {
    const receivers = [{ name: 'a' }, { name: 'b', addresses: ['http://b.example'] }, { name: 'a' }]
    const { receivers: names, ...parts } = draft({ receiver: 'nobody', receivers })
    expect(names).to.deep.equal(['a', 'b'])
    const frame = encodeFrame({ ...parts, receiver: { handle: 2, generation: 1 }, sender: { handle: 3, generation: 1 } })
    const read = aclOf(frame, handle => handle === 2 ? 'b' : 'caller')
    expect(read).to.include({ sender: 'caller', receiver: 'b' })
    expect(read.receivers.map(({ name, addresses }) => [name, ...addresses])).to.deep.equal([['a'], ['b', 'http://b.example'], ['a']])
  })

  it('shows ids as people can copy them, and unknown agents as such', () => {
    expect([messageIdText({ epoch: 255n, counter: 16n }), conversationText(255n), conversationText(0n)]).to.deep.equal(['ff-10', 'cff', ''])
    const frame = encodeFrame({
      act: 'inform', receiver: { handle: 2, generation: 1 }, sender: { handle: 3, generation: 1 }, conversation: 5n, fields: {},
      content: new Uint8Array(0),
    })
    expect(aclOf(frame, () => undefined)).to.include({ sender: 'unknown', receiver: 'unknown', conversationId: 'c5' })
  })
})
