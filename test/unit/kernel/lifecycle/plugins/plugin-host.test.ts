import { expect } from 'chai'
import {
  defineError, inject, injectable, PluginConfig, PluginContextToken, Server, type Plugin, type PluginContext,
} from '../../../../../kernel/contract/index.js'
import { operationsOf } from '../../../../../kernel/routing/operations/operation-registry.js'
import {
  codes, Doors, HostBench, idle, never, refusal, states, Store,
} from '../../../../support/host-bench.js'
import { entryOf, type PluginParts } from '../../../../support/plugin-entries.js'
import { settled } from '../../../../support/virtual-clock.js'

describe('the plugin host', () => {
  let bench: HostBench

  beforeEach(() => { bench = new HostBench() })

  afterEach(() => { expect(bench.clock.pending, 'timers left').to.equal(0) })

  it('starts in the order of needs, and drains and stops in exact reverse', async () => {
    const host = bench.hostOf([bench.noisy('c', { needs: [Doors] }),
      bench.noisy('b', { provides: [Doors], needs: [Store] }),
      bench.noisy('a', { provides: [Store] })])
    expect(await host.start(idle)).to.deep.equal([])
    expect(states(host)).to.equal('c ready, b ready, a ready')
    await host.drain(idle)
    await host.stop()
    expect(bench.events).to.deep.equal(['start a', 'start b', 'start c', 'drain c', 'drain b', 'drain a', 'stop c',
      'stop b', 'stop a'])
    expect(states(host)).to.equal('c stopped, b stopped, a stopped')
  })

  it('starts one after another, never two at once', async () => {
    let release = (): void => {}
    const host = bench.hostOf([bench.noisy('a', {}, { start: () => new Promise(resolve => { release = resolve }) }),
      bench.noisy('b')])
    const started = host.start(idle)
    await settled()
    expect(bench.events).to.deep.equal(['start a'])
    release()
    await started
    expect(bench.events).to.deep.equal(['start a', 'start b'])
  })

  it('refuses to start anything when the check finds a problem', async () => {
    const host = bench.hostOf([bench.noisy('a'), bench.noisy('b', { needs: [Store] })])
    const { code, problems } = await refusal(host.start(idle))
    expect([code, ...codes(problems)]).to.deep.equal(['CONFIGURATION_REFUSED', 'b TOKEN_MISSING'])
    expect(codes(await host.check())).to.deep.equal(['b TOKEN_MISSING'])
    expect(bench.events).to.deep.equal([])
  })

  it('asks plugins that could start how a start would go, without starting them', async () => {
    const Lacking = defineError({
      code: 'LACKING', kind: 'configuration', meaning: 'm', remedy: 'r', sentence: () => 'a thing is missing',
    })
    const entries = [
      bench.noisy('a', { outlook: async (config, instance) => `${instance} reads ${Object.keys(config).length} keys` }),
      bench.noisy('b', { outlook: () => Promise.reject(Lacking({})) }), bench.noisy('c'),
      bench.noisy('d', { outlook: () => Promise.reject(new Error('no idea')) }),
      bench.noisy('e', { needs: [Store], outlook: async () => 'never asked' }),
    ]
    const { outlooks, problems } = await bench.hostOf(entries).outlooks()
    expect(outlooks).to.deep.equal([{ instance: 'a', sentence: 'a reads 0 keys' }])
    expect(codes(problems)).to.deep.equal(['b LACKING'])
    expect(bench.events).to.deep.equal([])
  })

  it('tells them which operations there will be, but not where a plugin could not be loaded', async () => {
    const told: unknown[] = []
    const outlook: Plugin['outlook'] = async (_config, _instance, operations) => String(told.push(operations?.map(({ right }) => right)))
    const entries = [bench.noisy('a', { outlook, operations: [{ service: Server, handlersOf: () => ({}) }] })]
    await bench.hostOf(entries).outlooks()
    const unloaded = { code: 'X', kind: 'configuration', phase: 'load', message: 'm', remedy: 'r', causes: [], ignored: true } as const
    await bench.hostOf(entries, { problems: [unloaded] }).outlooks()
    expect(told).to.deep.equal([operationsOf([Server]).map(({ right }) => right), undefined])
  })

  it('stops once, however often it is asked to', async () => {
    const host = bench.hostOf([bench.noisy('a')])
    await host.start(idle)
    expect(host.stop()).to.equal(host.stop())
    await host.stop()
    expect(bench.events).to.deep.equal(['start a', 'stop a'])
  })

  it('calls off a start that is under way when it is told to stop', async () => {
    const host = bench.hostOf([bench.noisy('a'), bench.noisy('slow', { optional: true }, { start: never }),
      bench.noisy('b')])
    const refused = refusal(host.start(idle))
    await settled()
    await host.stop()
    expect(codes((await refused).problems)).to.deep.equal(['slow START_CANCELLED'])
    expect(bench.events).to.deep.equal(['start a', 'start slow', 'stop slow', 'stop a'])
  })

  it('calls off a start when its caller does', async () => {
    const caller = new AbortController()
    const host = bench.hostOf([bench.noisy('slow', {}, { start: never })])
    const refused = refusal(host.start(caller.signal))
    await settled()
    caller.abort()
    expect(codes((await refused).problems)).to.deep.equal(['slow START_CANCELLED'])
  })

  it('does not stop what was never started, and stops what has no start', async () => {
    const host = bench.hostOf([entryOf('a', { life: { stop: async () => { bench.events.push('stop a') } } }),
      bench.noisy('b', { needs: [Store] })])
    await refusal(host.start(idle))
    await host.stop()
    expect(bench.events).to.deep.equal([])
    const other = bench.hostOf([entryOf('a', { life: { stop: async () => { bench.events.push('stop a') } } })])
    await other.start(idle)
    await other.stop()
    expect(bench.events).to.deep.equal(['stop a'])
  })

  it('keeps two instances of one plugin apart', async () => {
    @injectable()
    class Counter {
      count = 0
      constructor (@inject(PluginContextToken) readonly context: PluginContext,
        @inject(PluginConfig) readonly config: { readonly by: number }) {}
      async start (): Promise<void> {
        this.count += this.config.by
        bench.events.push(`${this.context.instance} ${this.count}`)
      }
    }

    const parts = { name: 'counter', provides: [Doors], main: async () => Counter }
    const host = bench.hostOf([entryOf('one', { ...parts, config: { by: 1 } }),
      entryOf('two', { ...parts, config: { by: 2 } })])
    await host.start(idle)
    expect(bench.events).to.deep.equal(['one 1', 'two 2'])
    expect(host.list().map(({ instance, plugin }) => [instance, plugin]))
      .to.deep.equal([['one', 'counter'], ['two', 'counter']])
    await host.stop()
  })

  describe('after the start', () => {
    it('collects the handlers that plugins contribute', async () => {
      const handlers = { status: async () => ({ nodeId: 'n1' }) }
      const service = { service: Server, handlersOf: () => handlers }
      const host = bench.hostOf([bench.noisy('a', { name: 'p', operations: [service] })])
      expect(host.contributions()).to.deep.equal([])
      await host.start(idle)
      expect(host.contributions().map(({ instance, plugin, service: { typeName }, handlers: given }) =>
        [instance, plugin, typeName, Object.keys(given)])).to.deep.equal([['a', 'p', 'caxton.v1.Server', ['status']]])
      await host.stop()
    })

    it('hears of a plugin that died, once, and shows it', async () => {
      let context: PluginContext | undefined
      const dead: string[] = []
      const register: PluginParts['register'] = registration => {
        context = registration
        return undefined
      }
      const host = bench.hostOf([entryOf('a', { register })],
        { onFailure: (instance, error) => { dead.push(`${instance} ${error.message}`) } })
      await host.start(idle)
      context?.fail(new Error('lost the disk'))
      context?.fail(new Error('again'))
      expect(dead).to.deep.equal(['a lost the disk'])
      expect(host.health()).to.deep.equal([{ instance: 'a', optional: false, state: 'failed',
        detail: 'lost the disk' }])
      await host.stop()
      context?.fail(new Error('after the end'))
      expect(dead).to.have.lengthOf(1)
    })

    it('takes a plugin that dies while it starts for one that failed to start', async () => {
      const register: PluginParts['register'] = registration =>
        ({ start: async () => { registration.fail(new Error('no port')) } })
      const { problems } = await refusal(bench.hostOf([entryOf('a', { register })]).start(idle))
      expect(problems.map(({ code, causes }) => [code, ...causes])).to.deep.equal([['START_FAILED', 'no port']])
    })

    it('asks every plugin for its health, also one whose check throws', async () => {
      const host = bench.hostOf([
        bench.noisy('a', {}, { health: () => ({ state: 'degraded', detail: 'half of the links are down' }) }),
        bench.noisy('b', {}, { health: () => { throw new Error('oops') } }), bench.noisy('c')])
      expect(host.health().map(({ state }) => state)).to.deep.equal(['degraded', 'degraded', 'degraded'])
      expect(host.health().map(({ instance }) => host.healthOf(instance).state)).to.deep.equal(['degraded', 'degraded', 'degraded'])
      expect(host.healthOf('nobody')).to.include({ state: 'failed' })
      await host.start(idle)
      expect(host.health().map(({ state, detail }) => `${state} ${detail ?? ''}`)).to.deep.equal([
        'degraded half of the links are down', 'failed its health check threw: oops', 'ready '])
      await host.stop()
    })

    it('lists every plugin with what it declares', async () => {
      const host = bench.hostOf([entryOf('a', { needs: [Store, Doors], asks: ['net.dial'] }),
        entryOf('b', { provides: [Store] })])
      expect(host.list()).to.deep.equal([
        { instance: 'a', plugin: 'a', summary: 'The plugin a.', stability: 'stable', state: 'waiting', builtIn: true,
          optional: false,
          provides: [], needs: ['acme/store@1', 'acme/door@1'], asks: ['net.dial'] },
        { instance: 'b', plugin: 'b', summary: 'The plugin b.', stability: 'stable', state: 'waiting', builtIn: true,
          optional: false,
          provides: ['acme/store@1'], needs: [], asks: [] },
      ])
    })
  })
})
