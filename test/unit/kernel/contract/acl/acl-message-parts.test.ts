import { create, fromBinary, toBinary } from '@bufbuild/protobuf'
import { expect } from 'chai'
import fc from 'fast-check'
import { aclOfMessage, messageOfAcl } from '../../../../../kernel/contract/acl/acl-message-parts.js'
import { agentNamed, LATEST_REPLY_BY } from '../../../../../kernel/contract/acl/fipa-message.js'
import { AclMessageSchema } from '../../../../../kernel/contract/index.js'
import { anyFipaMessage } from '../../../../support/fipa-messages.js'

describe('the message that an operation carries', () => {
  it('says all that the message said, also on the wire', () => {
    fc.assert(fc.property(anyFipaMessage, message => {
      const wire = toBinary(AclMessageSchema, aclOfMessage(message))
      expect(messageOfAcl(fromBinary(AclMessageSchema, wire))).to.deep.equal(message)
    }), { numRuns: 150 })
  })

  it('names one agent where a name says it all', () => {
    const said = { performative: 'INFORM', receiver: 'echo', replyTo: 'desk', mediaType: 'application/json' }
    const acl = create(AclMessageSchema, said)
    const message = messageOfAcl(acl)
    expect(message).to.deep.include({ receivers: [agentNamed('echo')], replyTo: [agentNamed('desk')], mediaType: '' })
    expect(message.performative).to.equal('inform')
    expect(aclOfMessage(message)).to.deep.include({ receiver: 'echo', receivers: [], replyTo: 'desk', replyToSet: [] })
    expect(aclOfMessage(message)).not.to.have.property('senderIdentifier')
  })

  it('is a message even if its act or its time is none', () => {
    const message = messageOfAcl(create(AclMessageSchema, { performative: 'shout', replyBy: 2n ** 62n }))
    expect(message).to.include({ performative: 'not-understood', replyBy: LATEST_REPLY_BY })
  })
})
