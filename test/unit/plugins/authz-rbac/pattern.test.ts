import { expect } from 'chai'
import fc from 'fast-check'
import { Pattern } from '../../../../plugins/authz-rbac/pattern.js'

/** Few letters, so that patterns and names meet often. */
const text = fc.string({ unit: fc.constantFrom('a', 'b', '-'), maxLength: 6 })
const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '-', '*'), maxLength: 6 })

const model = (written: string): RegExp => new RegExp(`^${written.replaceAll('*', '.*')}$`, 's')

describe('pattern for names', () => {
  it('matches as the regular expression does in which every * is .*', () => {
    fc.assert(fc.property(pattern, text, (written, name) => {
      expect(new Pattern(written).matches(name)).to.equal(model(written).test(name))
    }), { numRuns: 2_000 })
  })

  it('covers a beginning only if it matches whatever follows', () => {
    fc.assert(fc.property(pattern, text, text, (written, start, rest) => {
      if (new Pattern(written).covers(start, start.length)) expect(model(written).test(start + rest)).to.equal(true)
    }), { numRuns: 2_000 })
  })

  it('covers every beginning that it matches and goes on from', () => {
    fc.assert(fc.property(pattern, text, (written, start) => {
      expect(new Pattern(`${written}*`).covers(start, start.length)).to.equal(model(`${written}*`).test(start))
    }), { numRuns: 2_000 })
  })

  it('touches a beginning whenever it matches anything that begins so', () => {
    fc.assert(fc.property(pattern, text, text, (written, start, rest) => {
      if (model(written).test(start + rest)) expect(new Pattern(written).touches(start, start.length)).to.equal(true)
    }), { numRuns: 2_000 })
  })

  it('does not touch what it can\'t match', () => {
    expect(new Pattern('team-a-*').touches('team-b-', 7)).to.equal(false)
    expect(new Pattern('team-a').touches('team-ab', 7)).to.equal(false)
    expect(new Pattern('team-*').touches('te', 2)).to.equal(true)
  })

  it('looks no further than the given length', () => {
    expect(new Pattern('a*').covers('abc*', 3)).to.equal(true)
    expect(new Pattern('*c*').covers('abc', 2)).to.equal(false)
  })
})
