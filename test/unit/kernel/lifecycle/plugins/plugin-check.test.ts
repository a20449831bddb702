import { expect } from 'chai'
import {
  Admissions, AuditLogToken, Authenticators, AuthorizerToken, ClockToken, inject, injectable, operations, optional, PluginConfig,
  PluginContextToken, PluginLog, Server, token, tokenMany, tokenScoped,
  type Clock,
} from '../../../../../kernel/contract/index.js'
import { ConfigFileNotFound } from '../../../../../kernel/lifecycle/configuration/configuration-errors.js'
import { problemOf } from '../../../../../kernel/lifecycle/configuration/problem.js'
import { checkPlugins, type StartPlan } from '../../../../../kernel/lifecycle/plugins/plugin-check.js'
import type { PluginEntry } from '../../../../../kernel/lifecycle/plugins/plugin-loader.js'
import { earlierProblem, entryOf } from '../../../../support/plugin-entries.js'

describe('the check of all plugins together', () => {
  const Store = token<object>('acme/store@1')
  const Doors = tokenMany<object>('acme/door@1')
  const addOne = 'Built in is [plugins.store-sqlite] or [plugins.store-memory]: ' +
    'add one of these tables to the configuration.'
  const offered = [{ name: 'store-sqlite', tokens: ['acme/store@1'] },
    { name: 'store-memory', tokens: ['acme/store@1'] }]
  const check = (...entries: PluginEntry[]): Promise<StartPlan> => checkPlugins(entries, [], async () => offered)
  const found = ({ problems }: StartPlan): string[] =>
    problems.map(({ code, instance, ignored }) => `${instance} ${code}${ignored ? ' ignored' : ''}`)

  it('finds nothing wrong with plugins that fit', async () => {
    const plan = await check(entryOf('a', { needs: [Store, Doors] }), entryOf('b', { provides: [Store] }))
    expect(plan.problems).to.deep.equal([])
    expect(plan.order.map(({ instance }) => instance)).to.deep.equal(['b', 'a'])
  })

  it('names the built-in plugins that would provide a missing service', async () => {
    const { problems: [problem] } = await check(entryOf('a', { needs: [Store] }))
    expect(problem).to.include({
      code: 'TOKEN_MISSING', instance: 'a', message: 'needs "acme/store@1", which no enabled plugin provides',
      remedy: addOne,
    })
  })

  it('names the nearest service where nothing built in provides the missing one', async () => {
    const { problems: [problem] } = await check(entryOf('a', { needs: [token('acme/store@2')] }))
    expect(problem?.remedy).to.equal(
      'No built-in plugin provides it (did you mean "acme/store@1"?): install and enable one that does.')
  })

  it('points at a plugin that could not be loaded, if that may be the one that is missing', async () => {
    const remedies = async (unloaded: string): Promise<string[]> =>
      (await checkPlugins([entryOf('a', { needs: [Store] })], [earlierProblem(unloaded)], async () => offered)).problems
        .filter(({ code }) => code === 'TOKEN_MISSING').map(({ remedy }) => remedy)
    expect(await remedies('store-memory')).to.deep.equal([
      'Mend [plugins.store-memory] first, which could not be loaded.'])
    expect(await remedies('other')).to.deep.equal([
      addOne])
  })

  it('does not talk of missing services when the file could not be read', async () => {
    const unreadable = problemOf(ConfigFileNotFound({ file: 'x.toml' }), { phase: 'read' })
    const { problems } = await checkPlugins([entryOf('a', { needs: [Store] })], [unreadable], async () => offered)
    expect(problems.map(({ code }) => code)).to.deep.equal(['CONFIG_FILE_NOT_FOUND'])
  })

  it('refuses to do without a guard of the server: one that is optional could fail, and everybody would get in', async () => {
    for (const guard of [Authenticators, AuthorizerToken, Admissions, AuditLogToken]) {
      expect(found(await check(entryOf('guard', { provides: [guard], optional: true })))).to.deep.equal(['guard GUARD_OPTIONAL'])
      expect(found(await check(entryOf('guard', { provides: [guard] })))).to.deep.equal([])
    }
  })

  it('does not miss a service that is optional, or of which there may be many', async () => {
    expect(found(await check(entryOf('a', { needs: [optional(Store), Doors] })))).to.deep.equal([])
  })

  it('finds a service that two provide, in two plugins and in one', async () => {
    expect(found(await check(entryOf('a', { provides: [Store] }), entryOf('b', { provides: [Store] }))))
      .to.deep.equal(['b TOKEN_TWICE'])
    expect(found(await check(entryOf('a', { provides: [Doors, Doors] })))).to.deep.equal(['a TOKEN_TWICE'])
    expect(found(await check(entryOf('a', { provides: [Doors] }), entryOf('b', { provides: [Doors] }))))
      .to.deep.equal([])
  })

  it('finds a token that is one thing to its provider and another to who needs it', async () => {
    const scoped = tokenScoped<object>('acme/store@1')
    const plan = await check(entryOf('a', { provides: [Store] }), entryOf('b', { needs: [scoped] }))
    expect(plan.problems.map(({ message }) => message)).to.deep.equal([
      'takes "acme/store@1" for a service that one provides, for each consumer apart, ' +
      'but "a" takes it for one that one provides, shared by all'])
  })

  it('finds operations that two plugins contribute, but lets two instances of one share theirs', async () => {
    const service = operations(Server, () => { throw new Error('not called') })
    expect(found(await check(entryOf('a', { operations: [service] }), entryOf('b', { operations: [service] }))))
      .to.deep.equal(['b OPERATION_TWICE'])
    expect(found(await check(entryOf('a', { name: 'p', operations: [service] }),
      entryOf('b', { name: 'p', operations: [service] }))))
      .to.deep.equal([])
  })

  describe('of classes', () => {
    const provider = entryOf('clock', { provides: [ClockToken] })

    @injectable()
    class Fits {
      constructor (
        @inject(ClockToken) readonly clock: Clock, @inject(PluginConfig) readonly config: object,
        @inject(PluginLog) readonly log: object, @inject(PluginContextToken) readonly context: object,
        @inject(optional(ClockToken)) readonly again: Clock | undefined,
      ) {}
    }

    class Unmarked {
      constructor (readonly clock: Clock) {}
    }

    @injectable()
    class HalfMarked {
      constructor (@inject(ClockToken) readonly clock: Clock, readonly other: Clock) {}
    }

    it('accepts one whose parameters are all declared', async () => {
      const plan = await check(provider, entryOf('a', { needs: [ClockToken], main: async () => Fits }))
      expect(plan.problems).to.deep.equal([])
      expect(plan.classes.get('a')).to.equal(Fits)
    })

    for (const [what, main, needs, code, text] of [
      ['that is not marked', async () => Unmarked, [ClockToken], 'CLASS_NOT_INJECTABLE',
        'class Unmarked: it is not marked with injectable()'],
      ['with a parameter that says nothing', async () => HalfMarked, [ClockToken], 'CLASS_NOT_INJECTABLE',
        'class HalfMarked: parameter 2 of its constructor has no inject(...)'],
      ['that injects what is not in its needs', async () => Fits, [], 'TOKEN_UNDECLARED',
        'uses "caxton/clock@1", which is not in its `needs`'],
      ['that counts on a service it declares as optional', async () => Fits, [optional(ClockToken)],
        'TOKEN_UNDECLARED', 'caxton/clock@1'],
    ] as const) {
      it(`refuses one ${what}`, async () => {
        const { problems } = await check(provider, entryOf('a', { needs, main }))
        expect(problems.map(problem => problem.code)).to.deep.equal([code])
        expect(problems[0]?.message).to.contain(text)
      })
    }

    it('reports a class that can\'t be imported, with the cause', async () => {
      const { problems } = await check(entryOf('a',
        { main: async () => { throw new Error('no libquiche on this machine') } }))
      expect(problems.map(({ code, causes }) => [code, ...causes]))
        .to.deep.equal([['PLUGIN_IMPORT_FAILED', 'no libquiche on this machine']])
    })
  })

  describe('with optional plugins', () => {
    const broken = { optional: true, provides: [Store], problems: [earlierProblem('store')] }

    it('leaves out what is broken and lets the rest start', async () => {
      const plan = await check(entryOf('store', broken), entryOf('a', { needs: [optional(Store)] }), entryOf('b'))
      expect(found(plan)).to.deep.equal(['store START_FAILED ignored'])
      expect(plan.order.map(({ instance }) => instance)).to.deep.equal(['a', 'b'])
    })

    it('reports whoever can\'t do without it, and whoever needs these in turn', async () => {
      const plan = await check(
        entryOf('store', broken), entryOf('door', { optional: true, needs: [Store], provides: [ClockToken] }),
        entryOf('hall', { needs: [ClockToken] }))
      expect(found(plan)).to.deep.equal(['store START_FAILED ignored', 'door DEPENDENCY_FAILED ignored',
        'hall DEPENDENCY_FAILED'])
    })

    it('does not blame those who need a plugin that is broken and not optional: mending it mends them', async () => {
      const plan = await check(entryOf('store', { ...broken, optional: false }), entryOf('a', { needs: [Store] }))
      expect(found(plan)).to.deep.equal(['store START_FAILED'])
    })

    it('breaks a circle at its optional member', async () => {
      const plan = await check(
        entryOf('a', { needs: [Store], provides: [Doors] }),
        entryOf('b', { optional: true, needs: [Doors], provides: [ClockToken] }),
        entryOf('store', { provides: [Store], needs: [optional(ClockToken)] }))
      expect(found(plan)).to.deep.equal(['b DEPENDENCY_CYCLE ignored'])
      expect(plan.order.map(({ instance }) => instance)).to.deep.equal(['store', 'a'])
    })
  })
})
