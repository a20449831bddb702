import { expect } from 'chai'
import fc from 'fast-check'
import { AddressList } from '../../../../../kernel/routing/directory/address-list.js'

const addressesOf = (list: AddressList): Array<[number, number]> =>
  Array.from(list.handles.subarray(0, list.count), (handle, index) => [handle, list.generations[index] ?? 0])

describe('a list of addresses', () => {
  it('holds each handle once, in their order, whatever comes and goes', () => {
    const change = fc.record({ handle: fc.integer({ min: 1, max: 20 }), generation: fc.nat(5), adds: fc.boolean() })
    fc.assert(fc.property(fc.array(change), changes => {
      const list = new AddressList()
      const model = new Map<number, number>()
      for (const { handle, generation, adds } of changes) {
        if (adds) {
          list.add(handle, generation)
          model.set(handle, generation)
        } else {
          list.delete(handle)
          model.delete(handle)
        }
      }
      expect(addressesOf(list)).to.deep.equal([...model].sort(([one], [other]) => one - other))
    }))
  })

  it('takes over another one, becomes one address, and none', () => {
    const list = new AddressList()
    list.append(3, 1)
    const other = new AddressList()
    for (let handle = 1; handle < 10; handle++) other.append(handle, 2)
    list.addAll(other)
    expect(addressesOf(list)).to.deep.equal(addressesOf(other))
    list.only(7, 8)
    expect(addressesOf(list)).to.deep.equal([[7, 8]])
    list.clear()
    expect(list.count).to.equal(0)
  })
})
