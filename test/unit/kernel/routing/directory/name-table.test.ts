import { expect } from 'chai'
import { generationOf, handleOf, NameTable } from '../../../../../kernel/routing/directory/name-table.js'

describe('the name table', () => {
  it('gives the address of a name, and 0 for one that it does not know', () => {
    const names = new NameTable()
    names.set('echo', 65_535, 0x7fffffff)
    const address = names.address('echo')
    expect([handleOf(address), generationOf(address)]).to.deep.equal([65_535, 0x7fffffff])
    expect(names.address('constructor')).to.equal(0n)
    names.delete('echo')
    expect([names.address('echo'), names.size]).to.deep.equal([0n, 0])
  })
})
