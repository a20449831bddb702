import { create } from '@bufbuild/protobuf'
import { expect } from 'chai'
import { AclMessageSchema } from '../../../../../kernel/contract/index.js'
import { answersInForm, askedMessage } from '../../../../../kernel/routing/frames/asked-message.js'

const NOW = 1_000_000
const acl = (text: string): Uint8Array => new TextEncoder().encode(text)
const NONE = new Uint8Array(0)

describe('a message that is to be sent', () => {
  it('may come in the string form, whose relative times count from now', () => {
    const form = acl('(CFP :receiver (set (agent-identifier :name a) (agent-identifier :name b)) :reply-by +00000000T000001000)')
    const message = askedMessage({ acl: form }, NOW)
    expect(message).to.include({ performative: 'cfp', replyBy: 1_001_000n })
    expect(message.receivers.map(({ name }) => name)).to.deep.equal(['a', 'b'])
  })

  it('is refused with position and reason, as data, when it is not understood', () => {
    expect(() => askedMessage({ acl: acl('(shout)') }, NOW)).to.throw('at byte 1: "shout" is not one of the 22 FIPA acts')
      .and.to.deep.include({ code: 'MESSAGE_NOT_UNDERSTOOD', details: { position: 1, reason: '"shout" is not one of the 22 FIPA acts' } })
  })

  it('comes in one form only', () => {
    const message = create(AclMessageSchema, { performative: 'inform' })
    expect(askedMessage({ message, acl: NONE }, NOW)).to.equal(message)
    expect(askedMessage({ acl: NONE }, NOW)).to.include({ performative: '' })
    expect(() => askedMessage({ message, acl: acl('(inform)') }, NOW)).to.throw().and.to.include({ code: 'MESSAGE_INVALID' })
  })

  it('is answered in the form in which it came', () => {
    const answer = create(AclMessageSchema, { performative: 'inform', sender: 'echo', content: acl('hello') })
    expect(answersInForm(acl('(request)'), [answer]).map(form => Buffer.from(form).toString()))
      .to.deep.equal(['(inform :sender (agent-identifier :name echo) :content "hello")'])
    expect(answersInForm(NONE, [answer])).to.deep.equal([])
  })
})
