import { createHash } from 'node:crypto'
import { expect } from 'chai'
import { boundCertificate, checkBinding, type Origin } from '../../../../../kernel/contract/index.js'

const CERTIFICATE = new Uint8Array([48, 3, 2, 1, 7])
const THUMBPRINT = createHash('sha256').update(CERTIFICATE).digest('base64url')
const NOBODY: Origin = { face: 'f', address: 'a', headers: new Map() }
const origin = (certificate?: Uint8Array): Origin => certificate === undefined ? NOBODY : { ...NOBODY, certificate }

describe('A token that is bound to a certificate', () => {
  it('is good together with that certificate only', () => {
    const bound = boundCertificate({ cnf: { 'x5t#S256': THUMBPRINT } }, 'it')
    expect(() => { checkBinding(bound, origin(CERTIFICATE), false, 'it') }).not.to.throw()
    expect(() => { checkBinding(bound, origin(), false, 'it') }).to.throw('and the caller showed none')
    expect(() => { checkBinding(bound, origin(CERTIFICATE.slice(1)), false, 'it') }).to.throw('to another certificate')
  })

  it('can be demanded', () => {
    expect(() => { checkBinding(boundCertificate({}, 'it'), origin(CERTIFICATE), false, 'it') }).not.to.throw()
    expect(() => { checkBinding(boundCertificate({}, 'it'), origin(CERTIFICATE), true, 'it') }).to.throw('it is not bound')
  })

  it('is refused when it is bound to anything else as well', () => {
    const others = [{ jkt: 'x' }, { 'x5t#S256': THUMBPRINT, 'jkt': 'x' }, { 'x5t#S256': 1 }, { 'x5t': THUMBPRINT }]
    for (const cnf of [...others, {}, null, [THUMBPRINT], THUMBPRINT]) {
      expect(() => boundCertificate({ cnf }, 'it'), JSON.stringify(cnf)).to.throw('something other than a certificate')
    }
  })
})
