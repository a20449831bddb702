import { expect } from 'chai'
import {
  ClockToken, defineError, inject, injectable, isCaxtonError, optional, PluginConfig, PluginContextToken, provision,
  Server,
  token, tokenMany, tokenScoped, type Clock, type Named, type PluginContext, type PluginLife, type Token,
} from '../../../../../kernel/contract/index.js'
import type { Problem } from '../../../../../kernel/lifecycle/configuration/problem.js'
import { PluginHost, type PluginHostOptions } from '../../../../../kernel/lifecycle/plugins/plugin-host.js'
import type { PluginEntry } from '../../../../../kernel/lifecycle/plugins/plugin-loader.js'
import { entryOf, type PluginParts } from '../../../../support/plugin-entries.js'
import { RecordingLogger } from '../../../../support/recording-logger.js'
import { settled, VirtualClock } from '../../../../support/virtual-clock.js'

const never = (): Promise<never> => new Promise(() => {})
const idle = new AbortController().signal

describe('the plugin host', () => {
  const Store = token<object>('acme/store@1')
  const Doors = tokenMany<object>('acme/door@1')
  let clock: VirtualClock
  let log: RecordingLogger
  let events: string[]

  beforeEach(() => {
    clock = new VirtualClock()
    log = new RecordingLogger()
    events = []
  })

  afterEach(() => { expect(clock.pending, 'timers left').to.equal(0) })

  function hostOf (entries: readonly PluginEntry[], options: Partial<PluginHostOptions> = {}): PluginHost {
    return new PluginHost({ entries, clock, log: () => log, timeouts: { start: 1000, drain: 1000, stop: 1000 },
      ...options })
  }

  /** An entry whose hooks write down that they were called. */
  function noisy (instance: string, parts: PluginParts = {}, life: PluginLife = {}): PluginEntry {
    return entryOf(instance, {
      ...parts,
      life: {
        start: async signal => { events.push(`start ${instance}`); await life.start?.(signal) },
        drain: async signal => { events.push(`drain ${instance}`); await life.drain?.(signal) },
        stop: async () => { events.push(`stop ${instance}`); await life.stop?.() },
        ...life.health === undefined ? {} : { health: life.health },
      },
    })
  }

  async function refusal (work: Promise<unknown>): Promise<{ code: string, problems: readonly Problem[] }> {
    try {
      await work
    } catch (error) {
      if (!isCaxtonError(error) || !('problems' in error.details) || !Array.isArray(error.details.problems)) throw error
      return { code: error.code, problems: error.details.problems }
    }
    throw new Error('it was not refused')
  }

  const codes = (problems: readonly Problem[]): string[] =>
    problems.map(({ instance, code, ignored }) => `${instance} ${code}${ignored ? ' ignored' : ''}`)
  const states = (host: PluginHost): string => host.list().map(({ instance, state }) =>
    `${instance} ${state}`).join(', ')

  it('starts in the order of needs, and drains and stops in exact reverse', async () => {
    const host = hostOf([noisy('c', { needs: [Doors] }), noisy('b', { provides: [Doors], needs: [Store] }),
      noisy('a', { provides: [Store] })])
    expect(await host.start(idle)).to.deep.equal([])
    expect(states(host)).to.equal('c ready, b ready, a ready')
    await host.drain(idle)
    await host.stop()
    expect(events).to.deep.equal(['start a', 'start b', 'start c', 'drain c', 'drain b', 'drain a', 'stop c',
      'stop b', 'stop a'])
    expect(states(host)).to.equal('c stopped, b stopped, a stopped')
  })

  it('starts one after another, never two at once', async () => {
    let release = (): void => {}
    const host = hostOf([noisy('a', {}, { start: () => new Promise(resolve => { release = resolve }) }), noisy('b')])
    const started = host.start(idle)
    await settled()
    expect(events).to.deep.equal(['start a'])
    release()
    await started
    expect(events).to.deep.equal(['start a', 'start b'])
  })

  it('refuses to start anything when the check finds a problem', async () => {
    const host = hostOf([noisy('a'), noisy('b', { needs: [Store] })])
    const { code, problems } = await refusal(host.start(idle))
    expect([code, ...codes(problems)]).to.deep.equal(['CONFIGURATION_REFUSED', 'b TOKEN_MISSING'])
    expect(codes(await host.check())).to.deep.equal(['b TOKEN_MISSING'])
    expect(events).to.deep.equal([])
  })

  describe('when a plugin fails to start', () => {
    const boom = new Error('boom', { cause: new Error('address in use') })
    const fails: PluginLife = { start: () => Promise.reject(boom) }

    it('stops what began in exact reverse, the failed one included, and never calls those after it', async () => {
      const host = hostOf([noisy('a'), noisy('b'), noisy('c', {}, fails), noisy('d')])
      const { code, problems } = await refusal(host.start(idle))
      expect(code).to.equal('SERVER_NOT_STARTED')
      expect(problems.map(problem => [problem.code, problem.instance, problem.phase, ...problem.causes]))
        .to.deep.equal([['START_FAILED', 'c', 'start', 'boom', 'address in use']])
      expect(events).to.deep.equal(['start a', 'start b', 'start c', 'stop c', 'stop b', 'stop a'])
      await host.stop()
      expect(events).to.have.lengthOf(6)
      expect(log.lines.filter(({ level }) => level === 'error').map(({ message }) => message))
        .to.deep.equal(['"c" failed while it started'])
    })

    it('goes on stopping when one of them fails to stop, and reports both', async () => {
      const host = hostOf([noisy('a'), noisy('b', {}, { stop: () => Promise.reject(new Error('stuck')) }),
        noisy('c', {}, fails)])
      const { problems } = await refusal(host.start(idle))
      expect(codes(problems)).to.deep.equal(['c START_FAILED', 'b STOP_FAILED'])
      expect(events.slice(3)).to.deep.equal(['stop c', 'stop b', 'stop a'])
    })

    it('goes on without it if it is optional, stops it, and keeps its failure in sight', async () => {
      const host = hostOf([noisy('a', { optional: true }, fails), noisy('b')])
      expect(codes(await host.start(idle))).to.deep.equal(['a START_FAILED ignored'])
      expect(events).to.deep.equal(['start a', 'stop a', 'start b'])
      expect(host.health()).to.deep.equal([
        { instance: 'a', optional: true, state: 'failed', detail: '"a" failed while it started: boom' },
        { instance: 'b', optional: false, state: 'ready' },
      ])
      await host.drain(idle)
      await host.stop()
      expect(events.slice(3)).to.deep.equal(['drain b', 'stop b'])
    })

    it('keeps one in sight that was left out before the start', async () => {
      const host = hostOf([noisy('a', { optional: true, needs: [Store] }), noisy('b')])
      expect(codes(await host.start(idle))).to.deep.equal(['a TOKEN_MISSING ignored'])
      expect(states(host)).to.equal('a failed, b ready')
      expect(host.health()[0]?.detail).to.equal('needs "acme/store@1", which no enabled plugin provides')
      expect(log.lines[0]).to.deep.include({ level: 'warn',
        message: 'needs "acme/store@1", which no enabled plugin provides' })
      await host.stop()
    })

    it('reports whoever needs its one service, and lets those go on that can do without', async () => {
      const received: unknown[] = []
      const take = (...tokens: Array<Token<unknown>>): PluginParts['register'] => registration => {
        received.push(...tokens.map(wanted => registration.get(wanted)))
        return undefined
      }
      const host = hostOf([
        noisy('store', { optional: true, provides: [Store, Doors] }, fails),
        noisy('needy', { optional: true, needs: [Store] }),
        entryOf('modest', { needs: [optional(Store), Doors], register: take(optional(Store), Doors) }),
      ])
      expect(codes(await host.start(idle))).to.deep.equal(['store START_FAILED ignored',
        'needy DEPENDENCY_FAILED ignored'])
      expect(received).to.deep.equal([undefined, []])
      expect(states(host)).to.equal('store failed, needy failed, modest ready')
      await host.stop()
    })

    it('does not start the server when a plugin that is not optional needs it', async () => {
      const host = hostOf([noisy('store', { optional: true, provides: [Store] }, fails), noisy('a'),
        noisy('b', { needs: [Store] })])
      const { problems } = await refusal(host.start(idle))
      expect(codes(problems)).to.deep.equal(['store START_FAILED ignored', 'b DEPENDENCY_FAILED'])
      expect(events).to.deep.equal(['start store', 'stop store', 'start a', 'stop a'])
    })
  })

  describe('in time', () => {
    it('ends a start that does not end, naming the instance, and says meanwhile who is still starting', async () => {
      let signal: AbortSignal | undefined
      const host = hostOf([noisy('a'), noisy('slow', {}, { start: inner => { signal = inner; return never() } })],
        { timeouts: { start: 12_000, drain: 0, stop: 1000 } })
      const refused = refusal(host.start(idle))
      await clock.pass(12_000)
      const { problems } = await refused
      expect(problems.map(({ message }) => message)).to.deep.equal(['"slow" did not start within 12000 ms'])
      expect(signal?.aborted).to.equal(true)
      expect(log.lines.filter(({ message }) => message === 'still starting').map(({ fields }) => fields))
        .to.deep.equal([{ instance: 'slow', seconds: 5 }, { instance: 'slow', seconds: 10 }])
      expect(events).to.deep.equal(['start a', 'start slow', 'stop slow', 'stop a'])
    })

    it('ends a stop that does not end, and stops the others all the same', async () => {
      const host = hostOf([noisy('a'), noisy('b', {}, { stop: never }),
        noisy('c', {}, { stop: () => Promise.reject(new Error('x')) })])
      await host.start(idle)
      const stopped = host.stop().catch((error: unknown) => error)
      await clock.pass(1000)
      const error = await stopped
      expect(error instanceof AggregateError && error.errors.map(each => isCaxtonError(each) ? each.code : '')).to.deep
        .equal(['STOP_FAILED', 'STOP_TIMEOUT'])
      expect(events.slice(3)).to.deep.equal(['stop c', 'stop b', 'stop a'])
    })

    it('drains all together within one deadline, and tells whose work was cut off', async () => {
      const host = hostOf([noisy('a'), noisy('b', {}, { drain: never }), noisy('c')])
      await host.start(idle)
      const drained = host.drain(idle).catch((error: unknown) => error)
      await clock.pass(1000)
      const error = await drained
      expect(error instanceof AggregateError && error.errors.map(each => isCaxtonError(each) ? each.message : ''))
        .to.deep.equal([
        'the time for draining was over before "b" had finished',
        'the time for draining was over before "a" had finished'])
      await host.stop()
      expect(events.slice(3)).to.deep.equal(['drain c', 'drain b', 'stop c', 'stop b', 'stop a'])
    })
  })

  it('stops once, however often it is asked to', async () => {
    const host = hostOf([noisy('a')])
    await host.start(idle)
    expect(host.stop()).to.equal(host.stop())
    await host.stop()
    expect(events).to.deep.equal(['start a', 'stop a'])
  })

  it('calls off a start that is under way when it is told to stop', async () => {
    const host = hostOf([noisy('a'), noisy('slow', { optional: true }, { start: never }), noisy('b')])
    const refused = refusal(host.start(idle))
    await settled()
    await host.stop()
    expect(codes((await refused).problems)).to.deep.equal(['slow START_CANCELLED'])
    expect(events).to.deep.equal(['start a', 'start slow', 'stop slow', 'stop a'])
  })

  it('calls off a start when its caller does', async () => {
    const caller = new AbortController()
    const host = hostOf([noisy('slow', {}, { start: never })])
    const refused = refusal(host.start(caller.signal))
    await settled()
    caller.abort()
    expect(codes((await refused).problems)).to.deep.equal(['slow START_CANCELLED'])
  })

  it('does not stop what was never started, and stops what has no start', async () => {
    const host = hostOf([entryOf('a', { life: { stop: async () => { events.push('stop a') } } }),
      noisy('b', { needs: [Store] })])
    await refusal(host.start(idle))
    await host.stop()
    expect(events).to.deep.equal([])
    const other = hostOf([entryOf('a', { life: { stop: async () => { events.push('stop a') } } })])
    await other.start(idle)
    await other.stop()
    expect(events).to.deep.equal(['stop a'])
  })

  describe('hands out services', () => {
    it('of many with the names of those that provide them, in their order', async () => {
      let received: unknown
      const host = hostOf([
        entryOf('hall', {
          needs: [Doors],
          register: registration => {
            received = registration.get(Doors)
            return undefined
          },
        }),
        entryOf('front', { name: 'door', provides: [Doors], gives: { [Doors.id]: { colour: 'red' } } }),
        entryOf('back', { name: 'door', provides: [Doors], gives: { [Doors.id]: { colour: 'blue' } } }),
      ])
      await host.start(idle)
      expect(received).to.deep.equal([{ instance: 'front', service: { colour: 'red' } },
        { instance: 'back', service: { colour: 'blue' } }])
    })

    it('of a scoped token to each consumer apart', async () => {
      const Kept = tokenScoped<{ readonly owner: string }>('acme/kept@1')
      const seen: string[] = []
      const consumer: PluginParts = {
        needs: [Kept],
        register: registration => {
          seen.push(`${registration.instance} ${registration.get(Kept).owner}`)
          return undefined
        },
      }
      const host = hostOf([entryOf('a', consumer), entryOf('b', consumer),
        entryOf('keeper', { provides: [Kept], gives: { [Kept.id]: { scopeFor: (owner: string) => ({ owner }) } } })])
      await host.start(idle)
      expect(seen).to.deep.equal(['a a', 'b b'])
    })

    it('to a class, with its configuration, and from its main object and its provisions', async () => {
      const Size = token<{ readonly size: number }>('acme/size@1')

      @injectable()
      class Shelf {
        readonly label = 'shelf'
        constructor (@inject(PluginConfig) readonly config: { readonly size: number },
          @inject(PluginContextToken) readonly context: PluginContext) {}
      }

      @injectable()
      class Reader {
        constructor (
          @inject(Store) readonly store: object, @inject(Size) readonly size: { readonly size: number },
          @inject(ClockToken) readonly clock: Clock,
          @inject(Doors) readonly doors: ReadonlyArray<Named<object>>,
        ) {
          const label = store instanceof Shelf ? `${store.label} of ${store.context.instance}` : '?'
          events.push(`${label} ${size.size} ${clock.elapsed()} ${doors.length}`)
        }
      }

      const host = hostOf([
        entryOf('reader', { needs: [Store, Size, ClockToken, Doors], main: async () => Reader }),
        entryOf('shelf-2', { provides: [Store, provision(Size, (shelf: Shelf) => shelf.config)], config: { size: 7 },
          main: async () => Shelf }),
        entryOf('kernel-clock', { provides: [ClockToken], gives: { [ClockToken.id]: clock } }),
      ])
      await host.start(idle)
      expect(events).to.deep.equal(['shelf of shelf-2 7 0 0'])
    })

    for (const [what, parts, text] of [
      ['asks for a service that is not in its needs',
        { register: registration => { registration.get(Store); return undefined } },
        'which is not in its `needs`'],
      ['gives a service that is not in its provides',
        { register: registration => { registration.provide(Store, {}); return undefined } },
        'which is not in its `provides`'],
      ['does not give what it declares', { provides: [Store], register: () => undefined }, 'register did not give it'],
      ['gives nothing under a token', { provides: [Store], gives: { [Store.id]: undefined } }, 'it is undefined'],
      ['gives a scoped service without scopes', { provides: [tokenScoped<object>('acme/kept@1')] }, 'scopeFor'],
    ] satisfies ReadonlyArray<readonly [string, PluginParts, string]>) {
      it(`and refuses a plugin that ${what}`, async () => {
        const { problems } = await refusal(hostOf([noisy('first'), { ...entryOf('bad', parts) }]).start(idle))
        expect(codes(problems)).to.deep.equal(['bad START_FAILED'])
        expect(problems[0]?.causes[0]).to.contain(text)
        expect(events).to.deep.equal(['start first', 'stop first'])
      })
    }

    it('and refuses a service that comes after register has returned', async () => {
      let late: unknown
      const host = hostOf([entryOf('a', { provides: [Doors], register: registration => {
        registration.provide(Doors, {})
        return {
          start: async () => {
            try { registration.provide(Doors, {}) } catch (error) { late = error }
          },
        }
      } })])
      await host.start(idle)
      expect(isCaxtonError(late) && late.code).to.equal('TOKEN_NOT_PROVIDED')
      await host.stop()
    })

    it('and refuses a plugin whose register is asynchronous', async () => {
      const register = (): PluginLife => Promise.resolve({}) as PluginLife
      const { problems } = await refusal(hostOf([entryOf('bad', { register })]).start(idle))
      expect(problems[0]?.causes).to.deep.equal(['register must be synchronous: what it returns is a promise'])
    })

    it('and keeps the code of an error that a constructor throws', async () => {
      const NoDisk = defineError({ code: 'NO_DISK', kind: 'unavailable', meaning: 'M.', remedy: 'R.',
        sentence: () => 'there is no disk' })

      @injectable()
      class Thrower {
        constructor () { throw NoDisk({}) }
      }

      const host = hostOf([entryOf('bad', { main: async () => Thrower })])
      const { problems } = await refusal(host.start(idle))
      expect(problems[0]).to.deep.include({ code: 'START_FAILED', message: '"bad" failed while it was put together',
        causes: ['there is no disk'] })
    })
  })

  it('keeps two instances of one plugin apart', async () => {
    @injectable()
    class Counter {
      count = 0
      constructor (@inject(PluginContextToken) readonly context: PluginContext,
        @inject(PluginConfig) readonly config: { readonly by: number }) {}
      async start (): Promise<void> {
        this.count += this.config.by
        events.push(`${this.context.instance} ${this.count}`)
      }
    }

    const parts = { name: 'counter', provides: [Doors], main: async () => Counter }
    const host = hostOf([entryOf('one', { ...parts, config: { by: 1 } }),
      entryOf('two', { ...parts, config: { by: 2 } })])
    await host.start(idle)
    expect(events).to.deep.equal(['one 1', 'two 2'])
    expect(host.list().map(({ instance, plugin }) => [instance, plugin]))
      .to.deep.equal([['one', 'counter'], ['two', 'counter']])
    await host.stop()
  })

  describe('after the start', () => {
    it('collects the handlers that plugins contribute', async () => {
      const handlers = { status: async () => ({ nodeId: 'n1' }) }
      const service = { service: Server, handlersOf: () => handlers }
      const host = hostOf([noisy('a', { name: 'p', operations: [service] })])
      expect(host.contributions()).to.deep.equal([])
      await host.start(idle)
      expect(host.contributions().map(({ instance, plugin, service: { typeName }, handlers: given }) =>
        [instance, plugin, typeName, Object.keys(given)])).to.deep.equal([['a', 'p', 'caxton.v1.Server', ['status']]])
      await host.stop()
    })

    it('hears of a plugin that died, once, and shows it', async () => {
      let context: PluginContext | undefined
      const dead: string[] = []
      const host = hostOf([entryOf('a', { register: registration => { context = registration; return undefined } })],
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
      const { problems } = await refusal(hostOf([entryOf('a', { register })]).start(idle))
      expect(problems.map(({ code, causes }) => [code, ...causes])).to.deep.equal([['START_FAILED', 'no port']])
    })

    it('asks every plugin for its health, also one whose check throws', async () => {
      const host = hostOf([
        noisy('a', {}, { health: () => ({ state: 'degraded', detail: 'half of the links are down' }) }),
        noisy('b', {}, { health: () => { throw new Error('oops') } }), noisy('c')])
      expect(host.health().map(({ state }) => state)).to.deep.equal(['degraded', 'degraded', 'degraded'])
      await host.start(idle)
      expect(host.health().map(({ state, detail }) => `${state} ${detail ?? ''}`)).to.deep.equal([
        'degraded half of the links are down', 'failed its health check threw: oops', 'ready '])
      await host.stop()
    })

    it('lists every plugin with what it declares', async () => {
      const host = hostOf([entryOf('a', { needs: [Store, Doors], asks: ['net.dial'] }),
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
