import { expect } from 'chai'
import fc from 'fast-check'
import {
  operations, OperationsToken, optional, Server, token, tokenMany,
} from '../../../../../kernel/contract/index.js'
import type { PluginEntry } from '../../../../../kernel/lifecycle/plugins/plugin-loader.js'
import { ServiceGraph } from '../../../../../kernel/lifecycle/plugins/service-graph.js'
import { cycleProblems, startOrder } from '../../../../../kernel/lifecycle/plugins/start-order.js'
import { entryOf } from '../../../../support/plugin-entries.js'

describe('the order in which plugins start', () => {
  const Store = token<object>('acme/store@1')
  const Log = token<object>('acme/log@1')
  const Doors = tokenMany<object>('acme/door@1')
  const names = (entries: PluginEntry[]): string[] =>
    startOrder(new ServiceGraph(entries)).map(({ instance }) => instance)

  it('puts each after those whose services it needs, one, optional or many', () => {
    expect(names([
      entryOf('hall', { needs: [Doors, optional(Log)] }), entryOf('door', { provides: [Doors], needs: [Store] }),
      entryOf('log', { provides: [Log] }), entryOf('store', { provides: [Store] }),
      entryOf('door-2', { provides: [Doors] }),
    ])).to.deep.equal(['log', 'store', 'door', 'door-2', 'hall'])
  })

  it('keeps the order of the file where needs leave a choice', () => {
    expect(names(['c', 'a', 'b'].map(name => entryOf(name)))).to.deep.equal(['c', 'a', 'b'])
  })

  const service = operations(Server, () => { throw new Error('not called') })

  it('opens faces after whoever contributes operations, without being asked to', () => {
    expect(names([
      entryOf('face', { needs: [OperationsToken] }), entryOf('registry', { provides: [OperationsToken] }),
      entryOf('late', { operations: [service] }),
    ])).to.deep.equal(['late', 'registry', 'face'])
  })

  it('does not make a circle of it when the contributor waits for the face', () => {
    const entries = [
      entryOf('face', { needs: [OperationsToken], provides: [Log] }),
      entryOf('registry', { provides: [OperationsToken] }),
      entryOf('late', { operations: [service], needs: [Log] }),
    ]
    expect(names(entries)).to.deep.equal(['registry', 'face', 'late'])
    expect(cycleProblems(new ServiceGraph(entries))).to.deep.equal([])
  })

  it('reports a circle once, with its whole path', () => {
    const A = token<object>('acme/a@1')
    const B = token<object>('acme/b@1')
    const C = token<object>('acme/c@1')
    const problems = cycleProblems(new ServiceGraph([
      entryOf('x', { needs: [A] }), entryOf('a', { provides: [A], needs: [B] }),
      entryOf('b', { provides: [B], needs: [C] }),
      entryOf('c', { provides: [C], needs: [A] }),
    ]))
    expect(problems.map(({ code, message, instance }) => ({ code, message, instance }))).to.deep.equal([{
      code: 'DEPENDENCY_CYCLE', instance: 'a',
      message: 'plugins need one another in a circle: ' +
        'a needs "acme/b@1" of b, b needs "acme/c@1" of c, c needs "acme/a@1" of a',
    }])
  })

  it('reports a plugin that waits for itself', () => {
    const problems = cycleProblems(new ServiceGraph([entryOf('a', { provides: [Doors], needs: [Doors] })]))
    expect(problems.map(({ message }) => message)).to.deep.equal(
      ['plugins need one another in a circle: a needs "acme/door@1" of a'])
  })

  it('holds every plugin exactly once and after its needs, for any graph without circles', () => {
    const edges = fc.array(fc.tuple(fc.nat(9), fc.nat(9)), { maxLength: 30 })
    fc.assert(fc.property(edges, fc.shuffledSubarray([...Array(10).keys()], { minLength: 10 }), (pairs, shuffled) => {
      const tokens = shuffled.map(index => token<object>(`acme/t${index}@1`))
      const entries = shuffled.map(index => entryOf(`p${index}`, {
        provides: [token<object>(`acme/t${index}@1`)],
        needs: pairs.filter(([from, to]) => from === index && to < from).map(([, to]) =>
          token<object>(`acme/t${to}@1`)),
      }))
      const order = startOrder(new ServiceGraph(entries))
      expect(order).to.have.lengthOf(tokens.length)
      for (const [place, { plugin }] of order.entries()) {
        for (const { id } of plugin.needs ?? []) {
          const provider = order.findIndex(other =>
            other.plugin.provides?.some(given => 'id' in given && given.id === id))
          expect(provider).to.be.lessThan(place)
        }
      }
    }), { numRuns: 100 })
  })
})
