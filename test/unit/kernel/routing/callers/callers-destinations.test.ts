import { expect } from 'chai'
import type { Sent } from '../../../../../kernel/routing/callers/caller-outcome.js'
import { CONDITION, FIRST_AGENT_HANDLE } from '../../../../../kernel/routing/directory/route-table.js'
import { USUAL_TERMS, type SendTerms } from '../../../../../kernel/routing/callers/send-terms.js'
import { CallersScene, codeOf } from '../../../../support/callers-scene.js'

const acts = (outcome: Sent | Error): unknown => outcome instanceof Error ? outcome : outcome.answers.map(answer => answer.performative)

describe('callers who name a capability or a topic', () => {
  let scene: CallersScene

  beforeEach(() => { scene = new CallersScene() })
  afterEach(() => expect(scene.clock.pending).to.equal(0))

  it('reach an agent by what it offers, or by a topic, and are told when nobody is there', async () => {
    const sendTo = (terms: Partial<SendTerms>): Promise<Sent | Error> => scene.send({ receiver: '' }, true, { ...USUAL_TERMS, ...terms })
    expect(codeOf(await sendTo({ toCapability: 'one:sell' }))).to.equal('CAPABILITY_NOT_FOUND')
    expect(acts(await sendTo({ toTopic: 'news' }))).to.deep.equal([])
    scene.capabilities.apply({ removed: [], added: [['sell', FIRST_AGENT_HANDLE, 1, 1e10]] })
    scene.topics.apply({ removed: [], added: [['news', FIRST_AGENT_HANDLE, 1]] })
    for (const terms of [{ toCapability: 'one:sell@1' }, { toCapability: 'all:sell' }, { toTopic: 'news' }]) {
      const sending = sendTo(terms)
      scene.answer(scene.take(), 'inform')
      expect(acts(await sending)).to.deep.equal(['inform'])
    }
  })

  it('are told what is wrong with a capability or a topic', async () => {
    const codeFor = async (receiver: string, terms: Partial<SendTerms>): Promise<unknown> =>
      codeOf(await scene.send({ receiver }, true, { ...USUAL_TERMS, ...terms }))
    expect(await codeFor('', { toCapability: 'sell' })).to.equal('MESSAGE_INVALID')
    expect(await codeFor('', { toTopic: 'news.*' })).to.equal('MESSAGE_INVALID')
    expect(await codeFor('echo', { toTopic: 'news' })).to.equal('MESSAGE_INVALID')
    const subscribers = Array.from({ length: 11 }, (_, index) => ['news', 20 + index, 1] as const)
    scene.topics.apply({ removed: [], added: subscribers })
    expect(await codeFor('', { toTopic: 'news' })).to.equal('TOO_MANY_RECEIVERS')
  })

  it('get a failure from each receiver that went away with its thread', async () => {
    scene.directory.place(scene.directory.enter('other')?.handle ?? 0, 1, 1, CONDITION.running)
    const added = [FIRST_AGENT_HANDLE, FIRST_AGENT_HANDLE + 1].map(handle => ['sell', handle, 1, 1e10] as const)
    scene.capabilities.apply({ removed: [], added })
    const terms = { ...USUAL_TERMS, toCapability: 'all:sell' }
    const sending = scene.send({ receiver: '', protocol: 'fipa-request' }, true, terms)
    scene.answer(scene.take(), 'inform')
    scene.take()
    scene.callers.threadLost(1)
    const sent = await sending
    expect(acts(sent)).to.deep.equal(['inform', 'failure'])
    expect(sent).to.have.nested.include({ 'answers[0].sender': 'echo', 'answers[1].sender': 'other' })
  })
})
