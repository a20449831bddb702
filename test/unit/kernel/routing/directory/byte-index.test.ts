import { expect } from 'chai'
import fc from 'fast-check'
import { ByteIndex } from '../../../../../kernel/routing/directory/byte-index.js'

describe('an index by bytes', () => {
  it('finds what was kept under the same bytes, wherever they lie, and nothing else', () => {
    fc.assert(fc.property(fc.uniqueArray(fc.string(), { maxLength: 50 }), fc.string(), (keys, other) => {
      const index = new ByteIndex<string>(100)
      for (const key of keys) {
        const bytes = Buffer.from(`..${key}`)
        index.add(bytes, 2, bytes.length - 2, key)
      }
      for (const key of [...keys, other]) {
        const bytes = Buffer.from(key)
        expect(index.find(bytes, 0, bytes.length)).to.equal(keys.includes(key) ? key : undefined)
      }
    }))
  })

  it('begins anew when it is full', () => {
    const index = new ByteIndex<number>(2)
    const keys = ['a', 'b', 'c'].map(key => Buffer.from(key))
    expect(keys.map((key, value) => index.add(key, 0, 1, value))).to.deep.equal([false, false, true])
    expect(keys.map(key => index.find(key, 0, 1))).to.deep.equal([undefined, undefined, 2])
    expect(index.size).to.equal(1)
  })
})
