import { expect } from 'chai'
import type { AgentHarness } from '../../../../support/agent-harness.js'
import type { TestFrame } from '../../../../support/frame-codec.js'
import { askProbe, newProbe, order, SENDER, startedProbe } from '../../../../support/probe-agent.js'

describe('Services and life in the AssemblyScript SDK', function () {
  this.timeout(60_000)
  let agent: AgentHarness

  beforeEach(function () {
    agent = startedProbe()
  })

  const ask = (what: string, more: object = {}, frame: Partial<TestFrame> = {}): Record<string, unknown> =>
    askProbe(agent, what, more, frame)

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
      expect(ask('withdraw', { text: 'a "b"' })).to.deep.equal({ said: 'ok' })
      expect(agent.registered.at(-1)).to.deep.equal({ withdraw: 'a "b"' })
      ask('subscribe', { text: 'news' })
      ask('unsubscribe', { text: 'news' })
      expect(agent.subscribed).to.deep.equal(['news', '-news'])
    })

    it('address capabilities and topics instead of agents', () => {
      agent.handle(order('address'))
      expect(agent.sent.map(({ act, receiver, fields }) => [act, receiver, fields])).to.deep.equal([
        ['request', 0n, { toCapability: 'one:sell@^1' }], ['cfp', 0n, { toCapability: 'round:sell' }],
        ['cfp', 0n, { toCapability: 'hash:sell' }], ['cfp', 0n, { toCapability: 'all:sell' }],
        ['inform', 0n, { toTopic: 'news' }], ['propagate', 0n, { toTopic: 'news' }],
      ])
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
      const unwilling = newProbe()
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
      const next = newProbe()
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
})
