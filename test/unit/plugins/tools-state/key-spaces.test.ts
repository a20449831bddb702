import { expect } from 'chai'
import fc from 'fast-check'
import { KeySpaces } from '../../../../plugins/tools-state/spaces/key-spaces.js'

const code = (work: () => unknown): unknown => {
  try {
    return work()
  } catch (error) {
    return error instanceof Error && 'code' in error ? error.code : error
  }
}

describe('Key spaces', () => {
  const spaces = new KeySpaces({
    orders: { read: ['buyer-*'], write: ['shop', 'principal:key:ci-*'] },
    all: { read: ['*'], write: [] },
  })

  it('give every caller one of its own, which no other has', () => {
    const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
    fc.assert(fc.property(name, name, (a, b) => {
      const prefixes = [{ agent: a }, { principal: a }, { agent: b }, { principal: b }].map(who => spaces.prefixOf(who, undefined, 'write'))
      const different = new Set(prefixes)
      expect(different.size).to.equal(a === b ? 2 : 4)
      for (const one of different) for (const other of different) expect(one === other || !one.startsWith(other)).to.equal(true)
    }))
  })

  it('let those read a shared one whom the configuration names, and those change it who may write', () => {
    expect(spaces.prefixOf({ agent: 'buyer-1' }, 'orders', 'read')).to.equal('shared/orders/')
    expect(code(() => spaces.prefixOf({ agent: 'buyer-1' }, 'orders', 'write'))).to.equal('STATE_SPACE_DENIED')
    expect(spaces.prefixOf({ agent: 'shop' }, 'orders', 'write')).to.equal('shared/orders/')
    expect(spaces.prefixOf({ agent: 'shop' }, 'orders', 'read')).to.equal('shared/orders/')
    expect(spaces.prefixOf({ principal: 'key:ci-1' }, 'orders', 'write')).to.equal('shared/orders/')
  })

  it('take agents for agents and principals for principals', () => {
    expect(code(() => spaces.prefixOf({ principal: 'shop' }, 'orders', 'read'))).to.equal('STATE_SPACE_DENIED')
    expect(code(() => spaces.prefixOf({ principal: 'anonymous' }, 'all', 'read'))).to.equal('STATE_SPACE_DENIED')
    expect(spaces.prefixOf({ agent: 'anybody' }, 'all', 'read')).to.equal('shared/all/')
  })

  it('do not tell whether a space exists that one may not use', () => {
    const names = ['orders', 'nothing', '', '../agents/shop', '__proto__']
    const denied = names.map(space => code(() => spaces.prefixOf({ agent: 'x' }, space, 'read')))
    expect(new Set(denied)).to.deep.equal(new Set(['STATE_SPACE_DENIED']))
  })

  it('are refused at start when they are not written as they must be', () => {
    for (const name of ['Orders', 'a/b', '..', '', '-a']) {
      expect(code(() => new KeySpaces({ [name]: { read: [], write: [] } })), name).to.equal('STATE_SPACE_INVALID')
    }
    expect(code(() => new KeySpaces({ a: { read: ['x\ny'], write: [] } }))).to.equal('STATE_SPACE_INVALID')
    expect(code(() => new KeySpaces({ a: { read: [''], write: [] } }))).to.equal('STATE_SPACE_INVALID')
  })
})
