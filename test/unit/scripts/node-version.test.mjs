import { expect } from 'chai'
import { isAtLeast, requireNode } from '../../../scripts/node-version.mjs'

describe('the check of the Node version', () => {
  it('compares numbers, not letters', () => {
    expect(isAtLeast('20.9.0', '>=20.19')).to.equal(false)
    expect(isAtLeast('20.19.0', '>=20.19')).to.equal(true)
    expect(isAtLeast('24.0.0', '>=20.19')).to.equal(true)
  })

  it('names the version it needs, the one it found and a remedy', () => {
    expect(() => requireNode('18.20.1')).to.throw(/>=20\.19.*18\.20\.1/)
      .with.property('remedy').that.includes('nodejs.org')
    expect(() => requireNode('20.19.0')).not.to.throw()
  })
})
