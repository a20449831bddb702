import { expect } from 'chai'
import fc from 'fast-check'
import { ACTS, HOST_RESULTS, type Act } from '../../../../../kernel/contract/index.js'
import type { AgentHarness } from '../../../../support/agent-harness.js'
import type { TestFrame } from '../../../../support/frame-codec.js'
import { askProbe, order, SENDER, startedProbe } from '../../../../support/probe-agent.js'

describe('Messages in the AssemblyScript SDK', function () {
  this.timeout(60_000)
  let agent: AgentHarness

  beforeEach(function () {
    agent = startedProbe()
  })

  const ask = (what: string, more: object = {}, frame: Partial<TestFrame> = {}): Record<string, unknown> =>
    askProbe(agent, what, more, frame)

  describe('reading a message', () => {
    it('sees every part of it', () => {
      const seen = ask('describe', {}, {
        act: 'query-ref', conversation: 99n, deadline: 1_700_000_005_000n, delivery: 1, priority: 2, flags: 15, expires: 1_700_000_009_000n,
        messageEpoch: 0xabcdn, messageCounter: 17n,
        traceId: '0123456789abcdef0123456789abcdef', spanId: 'fedcba9876543210', traceFlags: 1,
        fields: {
          protocol: 'fipa-query', language: 'fipa-sl', encoding: 'utf-8', ontology: 'weather', conversationId: 'talk',
          replyWith: 'r1', inReplyTo: 'r0', replyTo: 'clerk', mediaType: 'text/plain', to: 'probe', receivers: '(set)',
          toCapability: 'one:sell', toTopic: 'news',
        },
        user: { 'X-moody': 'no', 'X-mood': 'größer' },
      })
      expect(seen).to.deep.equal({
        act: 'query-ref', sender: SENDER.toString(), conversation: '99', deadline: 1_700_000_005_000, delivery: 1,
        priority: 2, fromPlatform: true, redelivered: true, id: '000000000000abcd-0000000000000011',
        traceId: '0123456789abcdef0123456789abcdef', spanId: 'fedcba9876543210', sampled: true,
        protocol: 'fipa-query', language: 'fipa-sl', encoding: 'utf-8', ontology: 'weather', conversationId: 'talk',
        replyWith: 'r1', inReplyTo: 'r0', replyTo: 'clerk', receivers: '(set)', mediaType: 'text/plain',
        mood: 'größer', xMood: 'größer',
        none: '', topic: 'news', capability: 'one:sell', length: 17, isReceipt: true, isAccepted: false, isHandled: false, isShadow: false,
        expires: 1_700_000_009_000,
      })
    })

    it('tells a receipt that says accepted from one that says handled, and knows what is only for watching', () => {
      const words = ['isReceipt', 'isAccepted', 'isHandled', 'isShadow']
      const seen = (act: Act, flags: number): unknown[] => words.map(word => ask('describe', {}, { act, flags })[word])
      expect(seen('agree', 5)).to.deep.equal([true, true, false, false])
      expect(seen('inform', 5)).to.deep.equal([true, false, true, false])
      expect(seen('agree', 4), 'an agent that agrees').to.deep.equal([false, false, false, false])
      expect(seen('request', 32)).to.deep.equal([false, false, false, true])
    })

    it('takes absent parts as empty, and JSON as the media type', () => {
      const seen = ask('describe')
      expect(seen).to.include(
        { protocol: '', replyTo: '', mood: '', mediaType: 'application/json', sampled: false, fromPlatform: false })
      expect(seen).to.include({ topic: '', capability: '' })
      expect(seen).to.include({ isReceipt: false, expires: 0 })
    })

    it('knows all 22 acts by the names of FIPA', () => {
      expect(ask('acts')).to.deep.equal({ acts: [...ACTS] })
      for (const act of ACTS) expect(ask('describe', {}, { act })).to.include({ act })
    })

    it('has a text for every result of the host', () => {
      const texts = ask('results')['results'] as string[]
      expect(texts).to.have.length(Object.keys(HOST_RESULTS).length + 1)
      expect(new Set(texts)).to.have.property('size', texts.length)
      expect(texts[-HOST_RESULTS.denied]).to.equal('not permitted')
      expect(texts.at(-1)).to.equal('result -9')
    })

    it('gives any text back as it was', () => {
      fc.assert(fc.property(fc.string({ unit: 'grapheme', maxLength: 3000 }), text => {
        if (!text.startsWith('{')) expect(agent.ask({ content: text }).content).to.equal(text)
      }), { numRuns: 100 })
    })

    it('survives bytes that are no UTF-8', () => {
      expect(agent.ask({ content: Uint8Array.of(0xff, 0xc3, 0x28, 0xf0, 0x9f) }).act).to.equal('inform')
    })
  })

  describe('replying', () => {
    const incoming: Partial<TestFrame> = {
      conversation: 99n, deadline: 5n, delivery: 2, priority: 3,
      fields: {
        protocol: 'fipa-request', ontology: 'weather', conversationId: 'talk', replyWith: 'r1', inReplyTo: 'r0',
        language: 'fipa-sl', encoding: 'utf-8', mediaType: 'text/plain',
      },
      user: { 'X-mood': 'good' },
    }
    const reply = (how: string) => agent.ask(order('reply', { text: how }, incoming))

    it('stays in the conversation and its protocol, and turns reply-with into in-reply-to', () => {
      const { act, receiver, conversation, deadline, delivery, priority, flags, fields, user } = reply('agree')
      expect({ act, receiver, conversation, deadline, delivery, priority, flags, user }).to.deep.equal({
        act: 'agree', receiver: SENDER, conversation: 99n, deadline: 0n, delivery: 2, priority: 3, flags: 0, user: {},
      })
      expect(fields).to.deep.equal(
        { protocol: 'fipa-request', ontology: 'weather', conversationId: 'talk', inReplyTo: 'r1' })
    })

    it('refuses, fails and does not understand with a reason in JSON', () => {
      expect(reply('refuse')).to.include({ act: 'refuse', content: '{"reason":"not \\"now\\"\\n"}' })
      expect(reply('failure')).to.include({ act: 'failure', content: '{"reason":"no"}' })
      expect(reply('not-understood')).to.include({ act: 'not-understood', content: '{"reason":"what?"}' })
    })

    it('sends bytes under their media type', () => {
      const { content, fields } = reply('bytes')
      expect(content).to.equal('{"do"')
      expect(fields).to.include({ mediaType: 'application/octet-stream' }).and.not.have.property('language')
    })

    it('sends the same content back with all that says how it is written', () => {
      const { act, content, fields } = reply('back')
      expect(act).to.equal('confirm')
      expect(content).to.equal('{"do":"reply","text":"back"}')
      expect(fields).to.include({ language: 'fipa-sl', encoding: 'utf-8', mediaType: 'text/plain', inReplyTo: 'r1' })
    })

    it('can be completed before it is sent', () => {
      const { act, receiver, conversation, deadline, delivery, priority, fields, content } = reply('draft')
      expect({ act, receiver, conversation, deadline, delivery, priority, content }).to.deep.equal({
        act: 'propose', receiver: SENDER, conversation: 99n, deadline: agent.now + 50n, delivery: 2, priority: 3,
        content: '1',
      })
      expect(fields).to.deep.equal({
        protocol: 'fipa-request', ontology: 'weather', conversationId: 'talk', inReplyTo: 'r1', mediaType: 'text/plain',
      })
    })

    it('goes to whom reply-to names', () => {
      for (const text of ['agree', 'draft']) {
        const { receiver, fields } = agent.ask(order('reply', { text }, { fields: { replyTo: 'clerk' } }))
        expect(receiver).to.equal(0n)
        expect(fields).to.include({ to: 'clerk' }).and.not.have.property('replyTo')
      }
    })

    it('goes to the sender when reply-to names a set of agents', () => {
      const replyTo = '(set (agent-identifier :name a) (agent-identifier :name b))'
      for (const text of ['agree', 'draft']) {
        const { receiver, fields } = agent.ask(order('reply', { text }, { fields: { replyTo } }))
        expect(receiver).to.equal(SENDER)
        expect(fields).not.to.have.any.keys('to', 'replyTo')
      }
    })
  })

  describe('keeping a message', () => {
    it('allows an answer later, whatever came in between', () => {
      agent.handle(order('keep', {}, { conversation: 7n, fields: { replyWith: 'later' } }))
      agent.ask({ content: 'x'.repeat(5000), sender: 1n })
      expect(agent.tick(3)).to.equal(0)
      const { receiver, conversation, fields, content } = agent.sent[1] ?? expect.fail('nothing was sent')
      expect({ receiver, conversation, fields, content }).to.deep.equal(
        { receiver: SENDER, conversation: 7n, fields: { inReplyTo: 'later' }, content: '{"timer":3}' })
    })

    it('is told to do so when it uses a message that is over', () => {
      agent.handle(order('keep wrongly'))
      expect(() => agent.tick(1)).to.throw('take a copy with keep()')
    })
  })

  describe('sending', () => {
    it('writes every part that was given', () => {
      agent.handle(order('send', { text: 'größer' }))
      const sent = agent.sent[0] ?? expect.fail('nothing was sent')
      expect(sent).to.include({
        act: 'query-if', receiver: 0n, conversation: 77n, deadline: agent.now + 1000n, delivery: 2, priority: 3, flags: 12,
        expires: agent.now + 500n, content: 'größer',
      })
      expect(sent.fields).to.deep.equal({
        to: 'other', protocol: 'p', language: 'l', encoding: 'e', ontology: 'o', conversationId: 'c', replyWith: 'r',
        inReplyTo: 'i', replyTo: 't', mediaType: 'text/plain',
      })
      expect(sent.user).to.deep.equal({ 'X-mood': 'good', 'X-age': '7' })
    })

    it('has what has a delivery key kept at least', () => {
      agent.handle(order('send', { text: 'x' }))
      expect(agent.sent.slice(1).map(({ delivery, fields }) => [delivery, fields])).to.deep.equal([
        [1, { to: 'other', deliveryKey: 'order-7' }], [2, { to: 'other', deliveryKey: 'order-8' }],
      ])
    })

    it('has a short word for each act that begins something', () => {
      agent.handle(order('send all'))
      expect(agent.sent.map(({ act }) => act)).to.deep.equal(
        ['request', 'inform', 'query-ref', 'cfp', 'propose', 'subscribe', 'cancel'])
      expect(agent.sent.map(({ receiver }) => receiver)).to.deep.equal(Array(7).fill(SENDER))
      expect(agent.sent.at(-1)).to.deep.include(
        { content: '{"d', deadline: 5n, fields: { mediaType: 'application/octet-stream' } })
    })

    it('learns the handle of the conversation that it began, and two drafts do not mix', () => {
      agent.handle(order('new conversation'))
      expect(agent.sent.map(({ conversation, content }) => [conversation, content])).to.deep.equal(
        [[0n, 'first'], [101n, 'second'], [0n, '{"conversation":101}']])
    })

    it('hands a message to a service by call', () => {
      agent.handle(order('call'))
      expect(agent.called.map(({ act, content }) => [act, content])).to.deep.equal([['request', '{"tool":"x"}']])
    })

    it('refuses a field that is too long without asking the host', () => {
      expect(ask('too long')).to.deep.equal({ said: 'malformed' })
    })
  })
})
