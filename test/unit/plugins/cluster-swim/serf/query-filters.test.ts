import { expect } from 'chai'
import { isMeant } from '../../../../../plugins/cluster-swim/serf/query-filters.js'

const TAGS = new Map([['role', 'web-1']])
const tag = (expression: string) => ({ kind: 'tag', tag: 'role', expression }) as const

describe('a query\'s filters', () => {
  it('mean everybody when there are none, and only those whom all of them fit', () => {
    expect(isMeant([], 'a', TAGS)).to.equal(true)
    expect(isMeant([{ kind: 'nodes', nodes: ['a', 'b'] }, tag('^web')], 'a', TAGS)).to.equal(true)
    expect(isMeant([{ kind: 'nodes', nodes: ['b'] }, tag('^web')], 'a', TAGS)).to.equal(false)
    expect(isMeant([tag('^db')], 'a', TAGS)).to.equal(false)
    expect(isMeant([{ kind: 'unknown', bytes: new Uint8Array() }], 'a', TAGS)).to.equal(false)
  })

  it('mean nobody when they might take for ever, or are no expressions', () => {
    for (const expression of ['(a+)+$', 'w*e*b*', '[', 'x'.repeat(200)]) expect(isMeant([tag(expression)], 'a', TAGS)).to.equal(false)
  })
})
