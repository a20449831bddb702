import { expect } from 'chai'
import fc from 'fast-check'
import type { AgentHarness } from '../../../../support/agent-harness.js'
import { askProbe, startedProbe } from '../../../../support/probe-agent.js'

describe('JSON in the AssemblyScript SDK', function () {
  this.timeout(60_000)
  let agent: AgentHarness

  beforeEach(function () {
    agent = startedProbe()
  })

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
      expect(askProbe(agent, 'json', { object })).to.deep.include({ object })
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

function isObject (text: string): boolean {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
  } catch {
    return false
  }
}
