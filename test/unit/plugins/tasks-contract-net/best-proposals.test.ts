import { expect } from 'chai'
import fc from 'fast-check'
import { bestFirst, choiceOf } from '../../../../plugins/tasks-contract-net/best-proposals.js'

const proposal = (agent: string, content: unknown) =>
  ({ agent, content: Buffer.from(typeof content === 'string' ? content : JSON.stringify(content)) })
const order = (choice: string, ...contents: unknown[]): string[] =>
  bestFirst(contents.map((content, index) => proposal(`a${index}`, content)), choiceOf(choice)).map(({ agent }) => agent)

describe('The best proposals', () => {
  it('are the cheapest when nothing else is said', () => {
    expect(order('', { price: 3 }, { price: 1 }, { price: 2 })).to.deep.equal(['a1', 'a2', 'a0'])
  })

  it('are those with the greatest number in a field', () => {
    expect(order('quality:max', { quality: 3 }, { quality: 9 })).to.deep.equal(['a1', 'a0'])
  })

  it('come before those without the number, which keep their order', () => {
    expect(order('price:max', 'no JSON', { price: '9' }, [1], null, { price: -1 })).to.deep.equal(['a4', 'a0', 'a1', 'a2', 'a3'])
  })

  it('are found by a field with colons in its name, and by no inherited one', () => {
    expect(choiceOf('a:b:max')).to.deep.equal({ field: 'a:b', order: 'max' })
    expect(order('constructor:min', {}, { constructor: 1 })).to.deep.equal(['a1', 'a0'])
  })

  it('are not looked for by a choice that is none', () => {
    for (const text of ['price', 'price:', ':min', 'price:least', ' ']) {
      expect(() => choiceOf(text), text).to.throw().with.property('code', 'TASK_INVALID')
    }
  })

  it('are ranked without loss and without failing, whatever agents say', () => {
    fc.assert(fc.property(fc.array(fc.oneof(fc.uint8Array(), fc.json().map(text => Buffer.from(text)))), contents => {
      const proposals = contents.map((content, index) => ({ agent: `a${index}`, content }))
      expect(bestFirst(proposals, choiceOf(''))).to.have.members(proposals)
    }))
  })
})
