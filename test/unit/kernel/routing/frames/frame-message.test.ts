import { expect } from 'chai'
import fc from 'fast-check'
import { agentNamed, fipaMessage, type FipaMessage } from '../../../../../kernel/contract/index.js'
import { decodeFrame, encodeFrame, type FrameFields } from '../../../../../kernel/routing/frames/frame.js'
import { fieldsOf, messageOfFrame } from '../../../../../kernel/routing/frames/frame-message.js'
import { anyFipaMessage } from '../../../../support/fipa-messages.js'

const SENDER = { handle: 3, generation: 1 }
const RECEIVER = { handle: 2, generation: 1 }

function throughFrame (message: FipaMessage, fields: FrameFields = fieldsOf(message)): FipaMessage {
  const frame = encodeFrame({
    act: message.performative, sender: SENDER, receiver: RECEIVER, deadline: message.replyBy, content: message.content, fields,
  })
  const names = new Map([[SENDER.handle, message.sender?.name], [RECEIVER.handle, message.receivers[0]?.name]])
  return messageOfFrame(decodeFrame(frame), handle => names.get(handle))
}

describe('a message in a frame', () => {
  it('says all that it said, but for what only handles say', () => {
    const carried = anyFipaMessage.map(message => ({
      ...message,
      sender: agentNamed(message.sender?.name ?? 'buyer'),
      receivers: message.receivers.length === 0 ? [agentNamed('echo')] : message.receivers,
    }))
    fc.assert(fc.property(carried, message => {
      expect(throughFrame(message)).to.deep.equal(message)
    }), { numRuns: 150 })
  })

  it('has the field of its receivers only where it says more than a name', () => {
    const fields = (said: Partial<FipaMessage>): FrameFields => fieldsOf(fipaMessage({ performative: 'inform', ...said }))
    expect(fields({ receivers: [agentNamed('echo')], replyTo: [agentNamed('desk')] })).to.deep.equal({ replyTo: 'desk', user: {} })
    expect(fields({ receivers: [agentNamed('a'), agentNamed('b')], replyTo: [agentNamed('c'), agentNamed('d')] })).to.deep.equal({
      receivers: '(set (agent-identifier :name a) (agent-identifier :name b))',
      replyTo: '(set (agent-identifier :name c) (agent-identifier :name d))', user: {},
    })
  })

  it('is not spoiled by fields in which an agent wrote something else', () => {
    const message = fipaMessage({ performative: 'inform', sender: agentNamed('a'), receivers: [agentNamed('b')] })
    expect(throughFrame(message, { receivers: '(set' })).to.deep.equal(message)
    expect(throughFrame(message, { receivers: '(set)' })).to.deep.equal(message)
    expect(throughFrame(message, { replyTo: '(set' })).to.deep.equal({ ...message, replyTo: [agentNamed('(set')] })
  })
})
