import { expect } from 'chai'
import fc from 'fast-check'
import {
  GROUP_STRATEGIES, inOrder, sharing, type GroupMember, type GroupStrategy,
} from '../../../../../kernel/lifecycle/agents/supervision-group.js'

describe('the rules of a supervision group', () => {
  const groups = (strategy: GroupStrategy): fc.Arbitrary<GroupMember[]> =>
    fc.uniqueArray(fc.record({ name: fc.stringMatching(/^[a-z]{1,3}$/), order: fc.nat(3) }), { selector: ({ name }) => name, minLength: 1 })
      .map(all => all.map(({ name, order }) => ({ name, plan: { group: { name: 'g', strategy, order } } })))
  const each = (strategy: GroupStrategy, check: (member: GroupMember, all: GroupMember[]) => void): void => {
    fc.assert(fc.property(groups(strategy), fc.nat(), (all, index) => {
      const member = all[index % all.length]
      if (member !== undefined) check(member, all)
    }))
  }

  it('one-for-one: nobody shares a member\'s fate', () => {
    each('one-for-one', (member, all) => expect(sharing(member, all)).to.deep.equal([member]))
  })

  it('one-for-all: everybody does', () => {
    each('one-for-all', (member, all) => expect(sharing(member, all)).to.deep.equal(inOrder(all)))
  })

  it('rest-for-one: it comes first, and then all that come after it', () => {
    each('rest-for-one', (member, all) => {
      const sharers = sharing(member, all)
      expect(sharers[0]).to.equal(member)
      const before = inOrder(all).filter(other => !sharers.includes(other))
      expect([...before, ...sharers]).to.deep.equal(inOrder(all))
    })
  })

  it('orders by number, then by name, whoever comes first', () => {
    for (const strategy of GROUP_STRATEGIES) {
      each(strategy, (_, all) => expect(inOrder(all.toReversed())).to.deep.equal(inOrder(all)))
    }
  })
})
