import { expect } from 'chai'
import fc from 'fast-check'
import { checkToolKey, checkToolPrefix } from '../../../../../kernel/contract/index.js'

const TRICKS = [
  '', '/', '/a', 'a/', 'a//b', '.', '..', '../a', 'a/../b', 'a/..', './a', 'a/.', 'a\\b', '..\\a', 'a\0b', 'a\nb', 'a\u0085b', 'a\u2028b',
  'a\u200bb', 'a\u202eb', 'a\ufeff', '\ud800', 'e\u0301', '\u{f0000}', 'x'.repeat(513), '\u00e4'.repeat(257),
]
const FINE = [
  'a', 'orders/2030/17', 'a.b', '...', 'a..b', 'A b/c', '%2e%2e/%2f', '\u00e9', '\u{1f600}', '~', ':', 'x'.repeat(512), 'agents/other/key',
]

const refused = (check: () => void): boolean => {
  try {
    check()
    return false
  } catch (error) {
    expect(error).to.have.property('code', 'STATE_KEY_INVALID')
    return true
  }
}

describe('Rules for keys of the state tool', () => {
  for (const key of TRICKS) {
    it(`refuse the key ${JSON.stringify(key.slice(0, 20))}`, () => { expect(refused(() => { checkToolKey(key) })).to.equal(true) })
  }

  it('take plain names joined by slashes', () => {
    for (const key of FINE) expect(refused(() => { checkToolKey(key) }), key).to.equal(false)
  })

  it('take every beginning of a good key as a prefix, but none that only bad keys begin with', () => {
    for (const prefix of ['', 'a', 'a/', 'orders/2030/', 'a/b']) expect(refused(() => { checkToolPrefix(prefix) }), prefix).to.equal(false)
    for (const prefix of ['/', 'a//', '../', 'a/../', '..', 'a/..', '\\', 'a\0']) {
      expect(refused(() => { checkToolPrefix(prefix) }), prefix).to.equal(true)
    }
  })

  it('never let a path out of its folder', () => {
    const text = fc.string({ unit: fc.constantFrom('a', '.', '/', '\\', '%2e', '\0', 'é'), maxLength: 12 })
    fc.assert(fc.property(text, key => {
      if (refused(() => { checkToolKey(key) })) return
      const resolved = new URL(key.replaceAll('%', '%25'), 'file:///space/').pathname
      expect(resolved.startsWith('/space/')).to.equal(true)
      expect(decodeURIComponent(resolved)).to.equal(`/space/${key}`)
    }))
  })
})
