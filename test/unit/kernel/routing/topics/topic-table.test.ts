import { expect } from 'chai'
import fc from 'fast-check'
import { TopicTable } from '../../../../../kernel/routing/topics/topic-table.js'

const RUNS = { numRuns: process.env['CAXTON_TEST_LONG'] === '1' ? 20_000 : 300 }

const subscribersOf = (table: TopicTable, topic: string): number[] | undefined => {
  const bytes = Buffer.from(`..${topic}`)
  const list = table.subscribers(bytes, 2, topic.length)
  return list === undefined ? undefined : [...list.handles.subarray(0, list.count)]
}

/** Matching as a sentence of it would be written down. */
function matches (pattern: readonly string[], topic: readonly string[]): boolean {
  const [first, ...rest] = pattern
  if (first === undefined) return topic.length === 0
  if (first === '#') return true
  return topic.length > 0 && (first === '*' || first === topic[0]) && matches(rest, topic.slice(1))
}

const word = fc.constantFrom('a', 'b', 'c')
const topic = fc.array(word, { minLength: 1, maxLength: 4 }).map(words => words.join('.'))
const pattern = fc.tuple(fc.array(fc.oneof(word, fc.constant('*')), { maxLength: 4 }), fc.boolean())
  .map(([words, hasRest]) => [...words, ...hasRest || words.length === 0 ? ['#'] : []].join('.'))

describe('the table of topics', () => {
  it('finds who subscribes to a topic, by name or by pattern, each once', () => {
    const table = new TopicTable()
    table.apply({
      removed: [],
      added: [['orders.berlin.paid', 20, 1], ['orders.*.paid', 21, 1], ['orders.#', 22, 1], ['#', 20, 1], ['orders.berlin', 23, 1]],
    })
    expect(subscribersOf(table, 'orders.berlin.paid')).to.deep.equal([20, 21, 22])
    expect(subscribersOf(table, 'orders')).to.deep.equal([20, 22])
    expect(subscribersOf(table, 'news')).to.deep.equal([20])
  })

  it('takes no pattern for a topic', () => {
    for (const text of ['', 'orders.*', '#', 'a..b', 'a'.repeat(300)]) {
      expect(subscribersOf(new TopicTable(), text), text).to.equal(undefined)
    }
  })

  it('finds exactly those whose pattern matches, whatever came and went before', () => {
    const change = fc.record({ pattern, handle: fc.integer({ min: 16, max: 20 }), adds: fc.boolean() })
    const steps = fc.array(fc.oneof(change, topic), { maxLength: 60 })
    fc.assert(fc.property(steps, all => {
      const table = new TopicTable()
      const model = new Set<string>()
      for (const step of all) {
        if (typeof step !== 'string') {
          const { handle, adds } = step
          if (adds) table.apply({ removed: [], added: [[step.pattern, handle, 1]] })
          else table.apply({ removed: [[step.pattern, handle]], added: [] })
          if (adds) model.add(`${handle} ${step.pattern}`)
          else model.delete(`${handle} ${step.pattern}`)
          continue
        }
        const expected = [...model].map(entry => entry.split(' ')).filter(([, known = '']) => matches(known.split('.'), step.split('.')))
        const handles = [...new Set(expected.map(([handle]) => Number(handle)))].sort((one, other) => one - other)
        expect(subscribersOf(table, step), step).to.deep.equal(handles)
      }
    }), RUNS)
  })

  it('keeps nothing of subscriptions that ended', () => {
    const table = new TopicTable()
    table.apply({ removed: [], added: [['a.b.c', 20, 1], ['a.#', 21, 1]] })
    table.apply({ removed: [['a.b.c', 20], ['a.#', 21], ['x.y', 5]], added: [] })
    expect(subscribersOf(table, 'a.b.c')).to.deep.equal([])
  })
})
