import { expect } from 'chai'
import fc from 'fast-check'
import { CapabilityTable, readQuery, type Offer } from '../../../../../kernel/routing/capabilities/capability-table.js'
import { isWithin, versionNumber, versionRange } from '../../../../../kernel/routing/capabilities/version-range.js'

const membersOf = (table: CapabilityTable, text: string): number[] | undefined => {
  const bytes = Buffer.from(text)
  const members = table.query(bytes, 0, bytes.length)?.members
  return members === undefined ? undefined : [...members.handles.subarray(0, members.count)]
}

const offer = (name: string, handle: number, version = '1.0.0'): Offer => [name, handle, 1, versionNumber(version) ?? 0]

describe('the table of capabilities', () => {
  it('finds who offers a capability in a version', () => {
    const table = new CapabilityTable()
    table.apply({ removed: [], added: [offer('sell', 20), offer('sell', 21, '1.3.0'), offer('sell', 22, '2.0.0'), offer('buy', 23)] })
    expect(membersOf(table, 'one:sell')).to.deep.equal([20, 21, 22])
    expect(membersOf(table, 'all:sell@1')).to.deep.equal([20, 21])
    expect(membersOf(table, 'round:sell@^1.2')).to.deep.equal([21])
    expect(membersOf(table, 'hash:nothing')).to.deep.equal([])
  })

  it('keeps what was found up to date', () => {
    const table = new CapabilityTable()
    expect(membersOf(table, 'one:sell@1')).to.deep.equal([])
    table.apply({ removed: [], added: [offer('sell', 20)] })
    expect(membersOf(table, 'one:sell@1')).to.deep.equal([20])
    table.apply({ removed: [], added: [offer('sell', 20, '2.0.0')] })
    expect(membersOf(table, 'one:sell@1')).to.deep.equal([])
    expect(membersOf(table, 'one:sell@2')).to.deep.equal([20])
    table.apply({ removed: [['sell', 20]], added: [] })
    expect(membersOf(table, 'one:sell@2')).to.deep.equal([])
  })

  it('takes no other words than a choice, a name and a range', () => {
    const wrong = ['', 'sell', ':sell', 'some:sell', 'one:', 'one:a b', 'one:sell@', 'one:sell@x', 'one:sell@1@2', 'ONE:sell']
    for (const text of wrong) {
      expect(readQuery(text), text).to.equal(undefined)
      expect(membersOf(new CapabilityTable(), text), text).to.equal(undefined)
    }
  })

  it('goes on when more capabilities were named than it keeps ready', () => {
    const table = new CapabilityTable()
    table.apply({ removed: [], added: [offer('sell', 20)] })
    for (let index = 0; index < 5_000; index++) membersOf(table, `one:c${index}`)
    table.apply({ removed: [], added: [offer('sell', 21), offer('c4999', 22)] })
    expect(membersOf(table, 'one:sell')).to.deep.equal([20, 21])
    expect(membersOf(table, 'one:c4999')).to.deep.equal([22])
    expect(membersOf(table, 'one:c0')).to.deep.equal([])
  })

  it('knows the same as a plain list of all offers', () => {
    const names = fc.constantFrom('a', 'b')
    const versions = fc.constantFrom('1.0.0', '1.2.0', '1.2.3', '2.0.0')
    const handles = fc.integer({ min: 16, max: 20 })
    const ranges = fc.constantFrom('', '1', '1.2', '^1.2', '2.0.0')
    const action = fc.oneof(
      fc.tuple(fc.constant('add' as const), names, handles, versions), fc.tuple(fc.constant('remove' as const), names, handles, versions),
      fc.tuple(fc.constant('ask' as const), names, handles, ranges))
    fc.assert(fc.property(fc.array(action, { maxLength: 60 }), actions => {
      const table = new CapabilityTable()
      const model = new Map<string, Map<number, number>>([['a', new Map()], ['b', new Map()]])
      for (const [what, name, handle, text] of actions) {
        if (what === 'add') {
          table.apply({ removed: [], added: [offer(name, handle, text)] })
          model.get(name)?.set(handle, versionNumber(text) ?? 0)
        } else if (what === 'remove') {
          table.apply({ removed: [[name, handle]], added: [] })
          model.get(name)?.delete(handle)
        } else {
          const range = versionRange(text)
          const expected = [...model.get(name) ?? []].filter(([, version]) => range === undefined || isWithin(version, range))
          const handlesInOrder = expected.map(([agent]) => agent).sort((one, other) => one - other)
          expect(membersOf(table, `one:${name}${text === '' ? '' : `@${text}`}`)).to.deep.equal(handlesInOrder)
        }
      }
    }))
  })
})
