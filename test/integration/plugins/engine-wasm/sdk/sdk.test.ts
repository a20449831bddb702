import { expect } from 'chai'
import fc from 'fast-check'
import { ACTS, HOST_RESULTS } from '../../../../../kernel/contract/index.js'
import { AgentHarness } from '../../../../support/agent-harness.js'
import { compileAgent } from '../../../../support/compiled-agents.js'
import type { TestFrame } from '../../../../support/frame-codec.js'

const SENDER = 4n << 32n | 21n

describe('The AssemblyScript SDK', function () {
  this.timeout(60_000)
  let module: Uint8Array
  let agent: AgentHarness

  before(() => { module = compileAgent('test/fixtures/agents/assembly/probe.ts') })

  beforeEach(() => {
    agent = new AgentHarness(module)
    agent.start('the configuration')
  })

  const order = (what: string, more: object = {}, frame: Partial<TestFrame> = {}): Partial<TestFrame> =>
    ({ sender: SENDER, ...frame, content: JSON.stringify({ do: what, ...more }) })
  const ask = (what: string, more: object = {}, frame: Partial<TestFrame> = {}): Record<string, unknown> =>
    JSON.parse(agent.ask(order(what, more, frame)).content) as Record<string, unknown>

  describe('reading a message', () => {
    it('sees every part of it', () => {
      const seen = ask('describe', {}, {
        act: 'query-ref', conversation: 99n, deadline: 1_700_000_005_000n, delivery: 1, priority: 2, flags: 3,
        messageEpoch: 0xabcdn, messageCounter: 17n,
        traceId: '0123456789abcdef0123456789abcdef', spanId: 'fedcba9876543210', traceFlags: 1,
        fields: {
          protocol: 'fipa-query', language: 'fipa-sl', encoding: 'utf-8', ontology: 'weather', conversationId: 'talk',
          replyWith: 'r1', inReplyTo: 'r0', replyTo: 'clerk', mediaType: 'text/plain', to: 'probe',
        },
        user: { 'X-moody': 'no', 'X-mood': 'größer' },
      })
      expect(seen).to.deep.equal({
        act: 'query-ref', sender: SENDER.toString(), conversation: '99', deadline: 1_700_000_005_000, delivery: 1,
        priority: 2, fromPlatform: true, redelivered: true, id: '000000000000abcd-0000000000000011',
        traceId: '0123456789abcdef0123456789abcdef', spanId: 'fedcba9876543210', sampled: true,
        protocol: 'fipa-query', language: 'fipa-sl', encoding: 'utf-8', ontology: 'weather', conversationId: 'talk',
        replyWith: 'r1', inReplyTo: 'r0', replyTo: 'clerk', mediaType: 'text/plain', mood: 'größer', xMood: 'größer',
        none: '', length: 17,
      })
    })

    it('takes absent parts as empty, and JSON as the media type', () => {
      const seen = ask('describe')
      expect(seen).to.include(
        { protocol: '', replyTo: '', mood: '', mediaType: 'application/json', sampled: false, fromPlatform: false })
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
        act: 'query-if', receiver: 0n, conversation: 77n, deadline: agent.now + 1000n, delivery: 2, priority: 3,
        content: 'größer',
      })
      expect(sent.fields).to.deep.equal({
        to: 'other', protocol: 'p', language: 'l', encoding: 'e', ontology: 'o', conversationId: 'c', replyWith: 'r',
        inReplyTo: 'i', replyTo: 't', mediaType: 'text/plain',
      })
      expect(sent.user).to.deep.equal({ 'X-mood': 'good', 'X-age': '7' })
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

  describe('the services', () => {
    it('look names up', () => {
      agent.names.set('größer', SENDER)
      expect(ask('lookup', { text: 'größer' })).to.deep.equal({ said: SENDER.toString() })
      expect(ask('lookup', { text: 'nobody' })).to.deep.equal({ said: '0' })
    })

    it('know the agent itself, the time and chance', () => {
      expect(ask('self')).to.deep.equal({ said: agent.self.toString() })
      expect(ask('now')).to.deep.equal({ said: '1700000000000' })
      expect(ask('random')).to.deep.equal({ said: '7,7,7,7' })
    })

    it('announce capabilities and subscribe to topics', () => {
      expect(ask('register', { text: 'a "b"', details: { description: 'd' } })).to.deep.equal({ said: 'ok' })
      expect(ask('register', { text: 'plain', details: {} })).to.deep.equal({ said: 'ok' })
      expect(ask('register', { text: 'wrong', details: 5 })).to.deep.equal({ said: 'malformed' })
      expect(agent.registered).to.deep.equal([{ name: 'a "b"', description: 'd' }, { name: 'plain' }])
      ask('subscribe', { text: 'news' })
      expect(agent.subscribed).to.deep.equal(['news'])
    })

    it('set and cancel timers', () => {
      ask('timer', { ms: 250 })
      ask('timer', { ms: -5 })
      ask('cancel')
      expect(agent.timers).to.deep.equal([250, 0, -1].map(milliseconds => ({ milliseconds, id: 3 })))
    })

    it('log on four levels', () => {
      agent.handle(order('log', { text: 'größer' }))
      expect(agent.logged).to.deep.equal([0, 1, 2, 3].map(level => ({ level, text: 'größer' })))
    })
  })

  describe('the life of an agent', () => {
    it('begins with the configuration', () => {
      expect(ask('configuration')).to.deep.equal({ said: 'the configuration' })
    })

    it('may refuse to start', () => {
      const unwilling = new AgentHarness(module)
      expect(unwilling.start('refuse')).to.equal(-1)
      expect(unwilling.logged).to.deep.equal([{ level: 3, text: 'I will not start' }])
    })

    it('reports a failure once and goes on', () => {
      expect(agent.handle(order('fail'))).to.equal(-1)
      expect(agent.handle(order('self'))).to.equal(0)
    })

    it('gives up with the reason when it throws', () => {
      expect(() => agent.handle(order('throw'))).to.throw('thrown as told')
    })

    it('moves its state to another version', () => {
      expect(agent.save()).to.have.length(0)
      agent.handle(order('remember', { text: 'größer' }))
      const state = agent.save()
      expect(Buffer.from(state).toString()).to.equal('größer')
      const next = new AgentHarness(module)
      next.start()
      expect(next.load(state, 4)).to.equal(0)
      expect(Buffer.from(next.save()).toString()).to.equal('größer from 4')
      expect(next.load(state, 13)).to.equal(-1)
    })

    it('is not asked to load what was never saved', () => {
      expect(agent.load(agent.save(), 13)).to.equal(0)
      expect(agent.save()).to.have.length(0)
    })

    it('is told when it stops', () => {
      agent.stop()
      expect(agent.logged).to.deep.equal([{ level: 1, text: 'stopping' }])
    })

    it('refuses a message of a nonsensical length', () => {
      expect(agent.alloc(-1)).to.equal(0)
      expect(agent.alloc(0x7fffffff)).to.equal(0)
    })

    it('needs no more memory for twenty thousand messages than for a thousand', () => {
      const message = order('reply', { text: 'back' }, { fields: { protocol: 'fipa-request', replyWith: 'r' } })
      const handle = (count: number) => {
        for (let i = 0; i < count; i++) agent.handle(message)
        agent.sent.length = 0
        return agent.memoryBytes
      }
      const early = handle(1000)
      expect(handle(20_000)).to.equal(early)
    })
  })

  describe('JSON', () => {
    it('is read and written by value', () => {
      const order = {
        string: 'a"b\\c\n\u0001ü😀/', number: -12.5e1, integer: 9007199254740993n, boolean: true,
        object: { a: { b: [1, { c: null }] } }, strings: ['x', 'y\t', 5], list: [1, [2], {}],
      }
      const text = JSON.stringify(order, (_, value: unknown) => typeof value === 'bigint' ? value.toString() : value)
        .replace('"9007199254740993"', '9007199254740993')
      const answer = agent.ask({ content: ` {"do" : "json",\n"string":"the last one counts",${text.slice(1)} ` }).content
      expect(answer).to.include('"integer":9007199254740993,').and.not.include('"twice":1')
      expect(JSON.parse(answer)).to.deep.include({
        string: order.string, number: -125, boolean: true, object: order.object, strings: ['x', 'y\t'], items: 3,
        has: true, hasNot: false, fallback: 2.5, keys: 9, nan: null, twice: 2, whole: -125, wrong: 'no text',
        numbers: [1.5, 2],
      })
    })

    it('reads whatever JSON.stringify writes', () => {
      fc.assert(fc.property(fc.jsonValue({ maxDepth: 5 }), value => {
        const object: unknown = JSON.parse(JSON.stringify({ value }))
        expect(ask('json', { object })).to.deep.include({ object })
      }), { numRuns: 200 })
    })

    it('takes nothing for an object that JSON.parse does not', () => {
      const marks = ['{', '}', '[', ']', ',', ':', '"', '\\', '0', '.', 'e', '-', ' ', '\n', '\u0001']
      const broken = fc.tuple(fc.json({ maxDepth: 3 }), fc.nat(), fc.constantFrom(...marks))
        .map(([json, at, mark]) => {
          const text = `{"do":"none","value":${json}}`
          const place = 1 + at % (text.length - 1)
          return text.slice(0, place) + mark + text.slice(place)
        })
      fc.assert(fc.property(broken, text => {
        agent.sent.length = 0
        agent.handle({ content: text })
        // What is no object comes back as text; an object with `do: none` is not answered.
        if (isObject(text)) expect(agent.sent.map(({ content }) => content)).to.not.include(text)
        else expect(agent.sent.map(({ content }) => content)).to.deep.equal([text])
      }), { numRuns: 500 })
    })

    it('refuses an object nested too deep instead of exhausting the stack', () => {
      const deep = '{"a":'.repeat(5000) + '1' + '}'.repeat(5000)
      expect(agent.ask({ content: deep }).content).to.equal(deep)
    })
  })
})

function isObject (text: string): boolean {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
  } catch {
    return false
  }
}
