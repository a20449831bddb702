import { expect } from 'chai'
import {
  isCaxtonError, optional, type PluginLife, type Token,
} from '../../../../../kernel/contract/index.js'
import {
  codes, Doors, HostBench, idle, never, refusal, states, Store,
} from '../../../../support/host-bench.js'
import { entryOf, type PluginParts } from '../../../../support/plugin-entries.js'

describe('the plugin host', () => {
  let bench: HostBench

  beforeEach(() => { bench = new HostBench() })

  afterEach(() => { expect(bench.clock.pending, 'timers left').to.equal(0) })

  describe('when a plugin fails to start', () => {
    const boom = new Error('boom', { cause: new Error('address in use') })
    const fails: PluginLife = { start: () => Promise.reject(boom) }

    it('stops what began in exact reverse, the failed one included, and never calls those after it', async () => {
      const host = bench.hostOf([bench.noisy('a'), bench.noisy('b'), bench.noisy('c', {}, fails), bench.noisy('d')])
      const { code, problems } = await refusal(host.start(idle))
      expect(code).to.equal('SERVER_NOT_STARTED')
      expect(problems.map(problem => [problem.code, problem.instance, problem.phase, ...problem.causes]))
        .to.deep.equal([['START_FAILED', 'c', 'start', 'boom', 'address in use']])
      expect(bench.events).to.deep.equal(['start a', 'start b', 'start c', 'stop c', 'stop b', 'stop a'])
      await host.stop()
      expect(bench.events).to.have.lengthOf(6)
      expect(bench.log.lines.filter(({ level }) => level === 'error').map(({ message }) => message))
        .to.deep.equal(['"c" failed while it started'])
    })

    it('goes on stopping when one of them fails to stop, and reports both', async () => {
      const host = bench.hostOf([bench.noisy('a'), bench.noisy('b', {},
        { stop: () => Promise.reject(new Error('stuck')) }),
        bench.noisy('c', {}, fails)])
      const { problems } = await refusal(host.start(idle))
      expect(codes(problems)).to.deep.equal(['c START_FAILED', 'b STOP_FAILED'])
      expect(bench.events.slice(3)).to.deep.equal(['stop c', 'stop b', 'stop a'])
    })

    it('goes on without it if it is optional, stops it, and keeps its failure in sight', async () => {
      const host = bench.hostOf([bench.noisy('a', { optional: true }, fails), bench.noisy('b')])
      expect(codes(await host.start(idle))).to.deep.equal(['a START_FAILED ignored'])
      expect(bench.events).to.deep.equal(['start a', 'stop a', 'start b'])
      expect(host.health()).to.deep.equal([
        { instance: 'a', optional: true, state: 'failed', detail: '"a" failed while it started: boom' },
        { instance: 'b', optional: false, state: 'ready' },
      ])
      await host.drain(idle)
      await host.stop()
      expect(bench.events.slice(3)).to.deep.equal(['drain b', 'stop b'])
    })

    it('keeps one in sight that was left out before the start', async () => {
      const host = bench.hostOf([bench.noisy('a', { optional: true, needs: [Store] }), bench.noisy('b')])
      expect(codes(await host.start(idle))).to.deep.equal(['a TOKEN_MISSING ignored'])
      expect(states(host)).to.equal('a failed, b ready')
      expect(host.health()[0]?.detail).to.equal('needs "acme/store@1", which no enabled plugin provides')
      expect(bench.log.lines[0]).to.deep.include({ level: 'warn',
        message: 'needs "acme/store@1", which no enabled plugin provides' })
      await host.stop()
    })

    it('reports whoever needs its one service, and lets those go on that can do without', async () => {
      const received: unknown[] = []
      const take = (...tokens: Array<Token<unknown>>): PluginParts['register'] => registration => {
        received.push(...tokens.map(wanted => registration.get(wanted)))
        return undefined
      }
      const host = bench.hostOf([
        bench.noisy('store', { optional: true, provides: [Store, Doors] }, fails),
        bench.noisy('needy', { optional: true, needs: [Store] }),
        entryOf('modest', { needs: [optional(Store), Doors], register: take(optional(Store), Doors) }),
      ])
      expect(codes(await host.start(idle))).to.deep.equal(['store START_FAILED ignored',
        'needy DEPENDENCY_FAILED ignored'])
      expect(received).to.deep.equal([undefined, []])
      expect(states(host)).to.equal('store failed, needy failed, modest ready')
      await host.stop()
    })

    it('does not start the server when a plugin that is not optional needs it', async () => {
      const host = bench.hostOf([bench.noisy('store', { optional: true, provides: [Store] }, fails), bench.noisy('a'),
        bench.noisy('b', { needs: [Store] })])
      const { problems } = await refusal(host.start(idle))
      expect(codes(problems)).to.deep.equal(['store START_FAILED ignored', 'b DEPENDENCY_FAILED'])
      expect(bench.events).to.deep.equal(['start store', 'stop store', 'start a', 'stop a'])
    })
  })

  describe('in time', () => {
    it('ends a start that does not end, naming the instance, and says meanwhile who is still starting', async () => {
      let signal: AbortSignal | undefined
      const host = bench.hostOf([bench.noisy('a'), bench.noisy('slow', {},
        { start: inner => { signal = inner; return never() } })],
        { timeouts: { start: 12_000, drain: 0, stop: 1000 } })
      const refused = refusal(host.start(idle))
      await bench.clock.pass(12_000)
      const { problems } = await refused
      expect(problems.map(({ message }) => message)).to.deep.equal(['"slow" did not start within 12000 ms'])
      expect(signal?.aborted).to.equal(true)
      expect(bench.log.lines.filter(({ message }) => message === 'still starting').map(({ fields }) => fields))
        .to.deep.equal([{ instance: 'slow', seconds: 5 }, { instance: 'slow', seconds: 10 }])
      expect(bench.events).to.deep.equal(['start a', 'start slow', 'stop slow', 'stop a'])
    })

    it('ends a stop that does not end, and stops the others all the same', async () => {
      const host = bench.hostOf([bench.noisy('a'), bench.noisy('b', {}, { stop: never }),
        bench.noisy('c', {}, { stop: () => Promise.reject(new Error('x')) })])
      await host.start(idle)
      const stopped = host.stop().catch((error: unknown) => error)
      await bench.clock.pass(1000)
      const error = await stopped
      expect(error instanceof AggregateError && error.errors.map(each => isCaxtonError(each) ? each.code : '')).to.deep
        .equal(['STOP_FAILED', 'STOP_TIMEOUT'])
      expect(bench.events.slice(3)).to.deep.equal(['stop c', 'stop b', 'stop a'])
    })

    it('drains all together within one deadline, and tells whose work was cut off', async () => {
      const host = bench.hostOf([bench.noisy('a'), bench.noisy('b', {}, { drain: never }), bench.noisy('c')])
      await host.start(idle)
      const drained = host.drain(idle).catch((error: unknown) => error)
      await bench.clock.pass(1000)
      const error = await drained
      expect(error instanceof AggregateError && error.errors.map(each => isCaxtonError(each) ? each.message : ''))
        .to.deep.equal([
        'the time for draining was over before "b" had finished',
        'the time for draining was over before "a" had finished'])
      await host.stop()
      expect(bench.events.slice(3)).to.deep.equal(['drain c', 'drain b', 'stop c', 'stop b', 'stop a'])
    })
  })
})
