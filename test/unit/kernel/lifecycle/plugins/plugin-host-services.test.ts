import { expect } from 'chai'
import {
  ClockToken, defineError, inject, injectable, isCaxtonError, PluginConfig, PluginContextToken, provision, token,
  tokenScoped, type Clock, type Named, type PluginContext, type PluginLife,
} from '../../../../../kernel/contract/index.js'
import {
  codes, Doors, HostBench, idle, refusal, Store,
} from '../../../../support/host-bench.js'
import { entryOf, type PluginParts } from '../../../../support/plugin-entries.js'

describe('the plugin host', () => {
  let bench: HostBench

  beforeEach(() => { bench = new HostBench() })

  afterEach(() => { expect(bench.clock.pending, 'timers left').to.equal(0) })

  describe('hands out services', () => {
    it('of many with the names of those that provide them, in their order', async () => {
      let received: unknown
      const host = bench.hostOf([
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
      const host = bench.hostOf([entryOf('a', consumer), entryOf('b', consumer),
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
          bench.events.push(`${label} ${size.size} ${clock.elapsed()} ${doors.length}`)
        }
      }

      const host = bench.hostOf([
        entryOf('reader', { needs: [Store, Size, ClockToken, Doors], main: async () => Reader }),
        entryOf('shelf-2', { provides: [Store, provision(Size, (shelf: Shelf) => shelf.config)], config: { size: 7 },
          main: async () => Shelf }),
        entryOf('kernel-clock', { provides: [ClockToken], gives: { [ClockToken.id]: bench.clock } }),
      ])
      await host.start(idle)
      expect(bench.events).to.deep.equal(['shelf of shelf-2 7 0 0'])
    })

    for (const [what, parts, text, code] of [
      ['asks for a service that is not in its needs',
        { register: registration => { registration.get(Store); return undefined } },
        'which is not in its `needs`', 'TOKEN_UNDECLARED'],
      ['gives a service that is not in its provides',
        { register: registration => { registration.provide(Store, {}); return undefined } },
        'which is not in its `provides`', 'TOKEN_UNDECLARED'],
      ['does not give what it declares', { provides: [Store], register: () => undefined }, 'register did not give it',
        'TOKEN_NOT_PROVIDED'],
      ['gives nothing under a token', { provides: [Store], gives: { [Store.id]: undefined } }, 'it is undefined',
        'TOKEN_NOT_PROVIDED'],
      ['gives a scoped service without scopes', { provides: [tokenScoped<object>('acme/kept@1')] }, 'scopeFor',
        'TOKEN_NOT_PROVIDED'],
    ] satisfies ReadonlyArray<readonly [string, PluginParts, string, string]>) {
      it(`and refuses a plugin that ${what}`, async () => {
        const { problems } = await refusal(bench.hostOf([bench.noisy('first'),
          { ...entryOf('bad', parts) }]).start(idle))
        expect(codes(problems)).to.deep.equal([`bad ${code}`])
        expect(problems[0]?.message).to.contain(text)
        expect(bench.events).to.deep.equal(['start first', 'stop first'])
      })
    }

    it('and refuses a service that comes after register has returned', async () => {
      let late: unknown
      const host = bench.hostOf([entryOf('a', { provides: [Doors], register: registration => {
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
      const { problems } = await refusal(bench.hostOf([entryOf('bad', { register })]).start(idle))
      expect(problems[0]?.causes).to.deep.equal(['register must be synchronous: what it returns is a promise'])
    })

    it('and keeps the code and the remedy of an error that a constructor throws', async () => {
      const NoDisk = defineError({ code: 'NO_DISK', kind: 'unavailable', meaning: 'M.', remedy: 'R.',
        sentence: () => 'there is no disk' })

      @injectable()
      class Thrower {
        constructor () { throw NoDisk({}) }
      }

      const host = bench.hostOf([entryOf('bad', { main: async () => Thrower })])
      const { problems } = await refusal(host.start(idle))
      expect(problems[0]).to.deep.include({ code: 'NO_DISK', kind: 'unavailable', instance: 'bad', phase: 'start',
        message: 'there is no disk', remedy: 'R.', causes: [] })
    })
  })
})
