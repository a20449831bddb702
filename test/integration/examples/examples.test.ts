import { expect } from 'chai'
import { HOST_RESULTS } from '../../../kernel/contract/index.js'
import { AgentHarness } from '../../support/agent-harness.js'
import { exampleModule } from '../../support/compiled-agents.js'

const ASKER = 1n << 32n | 5n
const HEATED = 2
const COOLING = 1

describe('The example agents', function () {
  this.timeout(60_000)
  const modules = new Map<string, Uint8Array | undefined>()

  before(() => {
    const names = ['echo', 'echo-wat', 'echo-c', 'counter', 'heater', 'thermostat', 'market-buyer', 'market-seller', 'calculator']
    for (const name of names) modules.set(name, exampleModule(name))
  })

  const started = (name: string, configuration = ''): AgentHarness => {
    const module = modules.get(name)
    if (module === undefined) throw new Error(`${name} was not built`)
    const agent = new AgentHarness(module)
    expect(agent.start(configuration)).to.equal(0)
    return agent
  }

  for (const name of ['echo', 'echo-wat', 'echo-c']) {
    describe(name, () => {
      beforeEach(function () {
        if (modules.get(name) === undefined) this.skip()
      })

      it('informs whoever requests of the same content, in the same conversation', () => {
        const { act, receiver, conversation, deadline, fields, content } = started(name).ask({
          sender: ASKER, conversation: 12n, deadline: 9n, content: '{"hello":"wörld"}',
          fields: { protocol: 'fipa-request', conversationId: 'c', replyWith: 'r', inReplyTo: 'i', to: name },
        })
        expect({ act, receiver, conversation, deadline, content }).to.deep.equal(
          { act: 'inform', receiver: ASKER, conversation: 12n, deadline: 0n, content: '{"hello":"wörld"}' })
        expect(fields).to.deep.equal({ protocol: 'fipa-request', conversationId: 'c', inReplyTo: 'r' })
      })

      it('does not understand any other act', () => {
        expect(started(name).ask({ act: 'propose', sender: ASKER }).act).to.equal('not-understood')
      })

      it('answers to whom reply-to names', () => {
        const { receiver, fields } = started(name).ask({ sender: ASKER, fields: { replyTo: 'clerk' } })
        expect({ receiver, fields }).to.deep.equal({ receiver: 0n, fields: { to: 'clerk' } })
      })

      it('is silent to the platform, and to what would never end', () => {
        const agent = started(name)
        expect(agent.handle({ flags: 1 })).to.equal(0)
        expect(agent.handle({ act: 'failure' })).to.equal(0)
        expect(agent.handle({ act: 'not-understood' })).to.equal(0)
        expect(agent.sent).to.have.length(0)
      })

      it('takes a message of 60,000 bytes, and refuses what it has no room for', () => {
        const agent = started(name)
        expect(agent.ask({ content: 'x'.repeat(60_000) }).content).to.have.length(60_000)
        expect(agent.alloc(0x7fffffff)).to.equal(0)
      })
    })
  }

  describe('calculator', () => {
    const answer = (agent: AgentHarness, label: string, act: 'inform' | 'failure', content: string, flags = 1): void => {
      const fields = { ontology: 'caxton-tool', inReplyTo: label }
      expect(agent.handle({ act, flags, content, fields, user: { 'X-Tool': 'everything.get-sum' } })).to.equal(0)
    }

    it('has a tool add two numbers, and tells whoever asked what it said', () => {
      const agent = started('calculator')
      agent.handle({ sender: ASKER, conversation: 12n, content: '{"a":2,"b":3}', fields: { replyWith: 'r' } })
      const [call] = agent.called
      expect({ act: call?.act, to: call?.fields['to'], content: call?.content })
        .to.deep.equal({ act: 'request', to: 'everything.get-sum', content: '{"a":2,"b":3}' })
      const label = String(call?.fields['replyWith'])
      answer(agent, 'another', 'inform', '{"text":"9"}')
      answer(agent, label, 'inform', '{"text":"forged"}', 0)
      answer(agent, label, 'inform', '{"text":"The sum is 5."}')
      const answers = agent.sent.filter(({ act }) => act === 'inform')
      expect(answers.map(({ receiver, content, fields: { inReplyTo } }) => ({ receiver, content, inReplyTo })))
        .to.deep.equal([{ receiver: ASKER, content: '{"said":"The sum is 5."}', inReplyTo: 'r' }])
    })

    it('hands on why the tool has no result', () => {
      const agent = started('calculator')
      agent.handle({ sender: ASKER, content: '{"a":2,"b":3}' })
      answer(agent, String(agent.called[0]?.fields['replyWith']), 'failure', '{"code":"TOOL_TIMEOUT","reason":"too slow"}')
      expect(agent.sent.at(-1)?.act).to.equal('failure')
      expect(agent.sent.at(-1)?.content).to.equal('{"reason":"too slow"}')
      expect(agent.logged.map(({ text }) => text)).to.deep.equal(['everything.get-sum: TOOL_TIMEOUT, too slow'])
    })
  })

  describe('counter', () => {
    it('counts requests, and nothing else', () => {
      const agent = started('counter')
      expect([1, 2, 3].map(() => agent.ask({}).content)).to.deep.equal(['{"count":1}', '{"count":2}', '{"count":3}'])
      expect(agent.ask({ act: 'inform' }).act).to.equal('not-understood')
      expect(agent.ask({}).content).to.equal('{"count":4}')
    })

    it('says its count every ten seconds when there were new requests', () => {
      const agent = started('counter')
      agent.tick(0)
      agent.ask({})
      agent.tick(0)
      agent.tick(0)
      expect(agent.logged).to.deep.equal([{ level: 1, text: 'counted 1 requests so far' }])
      expect(agent.timers).to.deep.equal(Array(4).fill({ milliseconds: 10_000, id: 0 }))
    })

    it('goes on counting in its next version', () => {
      const agent = started('counter')
      agent.ask({})
      const next = started('counter')
      expect(next.load(agent.save(), 1)).to.equal(0)
      expect(next.ask({}).content).to.equal('{"count":2}')
    })
  })

  describe('heater', () => {
    const wish = (what: string) => ({ sender: ASKER, conversation: 3n, content: JSON.stringify({ do: what }) })

    it('tells the temperature', () => {
      expect(started('heater').ask(wish('measure'))).to.include({ act: 'inform', content: '{"celsius":19}' })
    })

    it('cools down by the second', () => {
      const agent = started('heater')
      agent.tick(COOLING)
      expect(agent.ask(wish('measure')).content).to.equal('{"celsius":18.8}')
      expect(agent.timers).to.deep.equal(Array(2).fill({ milliseconds: 1000, id: COOLING }))
    })

    it('agrees to heat, refuses to do so twice at once, and informs when it is done', () => {
      const agent = started('heater')
      expect(agent.ask(wish('heat')).act).to.equal('agree')
      expect(agent.ask(wish('heat')).act).to.equal('refuse')
      expect(agent.timers.at(-1)).to.deep.equal({ milliseconds: 1500, id: HEATED })
      agent.tick(HEATED)
      expect(agent.sent.at(-1)).to.include(
        { act: 'inform', receiver: ASKER, conversation: 3n, content: '{"celsius":20.5}' })
    })

    it('rests after heating twice', () => {
      const agent = started('heater')
      const heat = () => {
        const { act } = agent.ask(wish('heat'))
        if (act === 'agree') agent.tick(HEATED)
        return act
      }
      expect([1, 2, 3, 4].map(heat)).to.deep.equal(['agree', 'agree', 'refuse', 'agree'])
    })

    it('does not understand what is no wish', () => {
      const agent = started('heater')
      expect(agent.ask({ content: 'heat!' }).act).to.equal('not-understood')
      expect(agent.ask({ ...wish('heat'), act: 'cfp' }).act).to.equal('not-understood')
      expect(agent.ask(wish('sing')).act).to.equal('refuse')
    })
  })

  describe('thermostat', () => {
    it('asks the heater for the temperature at intervals, by name and within a time', () => {
      const agent = started('thermostat', '{"wanted":21,"every":500}')
      agent.tick(0)
      expect(agent.timers).to.deep.equal(Array(2).fill({ milliseconds: 500, id: 0 }))
      expect(agent.sent[0]).to.deep.include({
        act: 'request', receiver: 0n, conversation: 0n, deadline: agent.now + 5000n, content: '{"do":"measure"}',
        fields: { to: 'heater', protocol: 'fipa-request', replyWith: 'measure' },
      })
    })

    it('wants heat when it is too cold, and only then', () => {
      const agent = started('thermostat', '{"wanted":21}')
      agent.handle({ act: 'inform', content: '{"celsius":21}', fields: { inReplyTo: 'measure' } })
      expect(agent.sent).to.have.length(0)
      agent.handle({ act: 'inform', content: '{"celsius":20.9}', fields: { inReplyTo: 'measure' } })
      expect(agent.sent.map(({ content }) => content)).to.deep.equal(['{"do":"heat"}'])
      agent.handle({ act: 'inform', content: '{"celsius":20.9}', fields: { inReplyTo: 'heat' } })
      expect(agent.sent).to.have.length(1)
    })

    it('says in the log what it heard', () => {
      const agent = started('thermostat')
      agent.handle({ act: 'agree' })
      agent.handle({ act: 'refuse', content: '{"reason":"no fuel"}' })
      agent.handle({ act: 'failure', content: 'gone' })
      agent.result = HOST_RESULTS.noSuchAgent
      agent.tick(0)
      expect(agent.logged.map(({ text }) => text)).to.deep.equal([
        'the heater is at it', 'the heater refuses: no fuel', 'no luck with the heater: gone',
        'could not ask the heater: no such agent',
      ])
    })
  })

  describe('market', () => {
    it('leaves the timers of the version before alone, or ends them', () => {
      expect(started('market-buyer').timers).to.deep.equal([{ milliseconds: -1, id: 1 }, { milliseconds: -1, id: 0 }])
      const seller = started('market-seller')
      expect([seller.tick(1), seller.sent.length]).to.deep.equal([0, 0])
    })
  })
})
