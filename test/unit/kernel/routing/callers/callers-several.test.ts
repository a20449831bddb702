import { expect } from 'chai'
import { messageIdText } from '../../../../../kernel/routing/frames/message-id.js'
import type { Sent } from '../../../../../kernel/routing/callers/caller-outcome.js'
import { decodeFrame } from '../../../../../kernel/routing/frames/frame.js'
import { CONDITION } from '../../../../../kernel/routing/directory/route-table.js'
import { CallersScene, codeOf } from '../../../../support/callers-scene.js'

describe('callers of several agents', () => {
  let scene: CallersScene
  const receivers = [{ name: 'echo' }, { name: 'seller' }]
  const senders = (outcome: Sent | Error): unknown => outcome instanceof Error
    ? outcome
    : outcome.answers.map(({ sender, performative }) => `${sender} ${performative}`)

  beforeEach(() => {
    scene = new CallersScene()
    scene.directory.place(scene.directory.enter('seller')?.handle ?? 0, 1, 1, CONDITION.running)
  })
  afterEach(() => expect(scene.clock.pending).to.equal(0))

  for (const protocol of ['', 'fipa-request']) {
    it(`wait for the last answer of each, in one conversation ${protocol === '' ? 'without a protocol' : `of ${protocol}`}`, async () => {
      const sending = scene.send({ protocol, receivers })
      const [one, other] = [scene.take(), scene.take()]
      expect(decodeFrame(one).conversation).to.equal(decodeFrame(other).conversation)
      expect(decodeFrame(other).fields.receivers).to.equal('(set (agent-identifier :name echo) (agent-identifier :name seller))')
      scene.answer(other, 'agree')
      scene.answer(one, 'inform')
      scene.answer(other, 'inform')
      const sent = await sending
      expect(senders(sent)).to.deep.equal(['seller agree', 'echo inform', 'seller inform'])
      expect(sent).to.have.property('messageId', messageIdText(decodeFrame(one)))
      expect(scene.conversations.table.size).to.equal(0)
    })

    it(`hear of those whose thread is lost, and wait for the others ${protocol}`, async () => {
      const sending = scene.send({ protocol, receivers })
      const one = scene.take()
      scene.callers.threadLost(1)
      scene.answer(scene.take(), 'inform')
      expect(senders(await sending)).to.deep.equal(['echo failure', 'seller inform'])
      expect(decodeFrame(one).receiver).to.deep.equal(scene.directory.address('echo'))
    })

    it(`hear of those that take no messages, and wait for the others ${protocol}`, async () => {
      scene.directory.setCondition(scene.directory.address('seller')?.handle ?? 0, CONDITION.stopped)
      const sending = scene.send({ protocol, receivers })
      scene.answer(scene.take(), 'inform')
      expect(senders(await sending)).to.deep.equal(['seller failure', 'echo inform'])
      expect(senders(await scene.send({ protocol, receivers }, false))).to.deep.equal(['seller failure'])
    })
  }

  it('send nothing when one of them is unknown, or the first takes no messages', async () => {
    expect(codeOf(await scene.send({ receivers: [{ name: 'echo' }, { name: 'nobody' }] }))).to.equal('AGENT_NOT_FOUND')
    scene.directory.setCondition(scene.directory.address('echo')?.handle ?? 0, CONDITION.stopped)
    expect(codeOf(await scene.send({ receivers }))).to.equal('AGENT_NOT_RUNNING')
    expect(scene.isQuiet).to.equal(true)
  })

  it('are told who did not answer in time', async () => {
    const sending = scene.send({ receivers })
    scene.answer(scene.take(), 'inform')
    scene.clock.advance(5_000)
    expect(await sending).to.have.nested.include({ 'code': 'ANSWER_TIMEOUT', 'details.name': 'seller' })
  })
})
