import { expect } from 'chai'
import fc from 'fast-check'
import { NameRules } from '../../../../plugins/auth-mtls/certificates/name-rules.js'
import type { CertificateNames } from '../../../../plugins/auth-mtls/certificates/certificate-names.js'

const names = (some: Partial<CertificateNames>): CertificateNames => ({ 'common-name': [], 'dns': [], 'email': [], 'uri': [], ...some })
const fits = (pattern: string, name: string): boolean =>
  new NameRules({ one: { field: 'common-name', pattern, roles: [] } }, 'mtls').principalOf(names({ 'common-name': [name] })) !== undefined

describe('rules for names in certificates', () => {
  it('give the principal of the first one that fits, and nobody when none does', () => {
    const rules = new NameRules({
      workloads: { field: 'uri', pattern: 'spiffe://example.org/ns/*/sa/deployer', roles: ['developer'] },
      nodes: { field: 'dns', pattern: 'node-*', roles: ['operator'] },
      rest: { field: 'common-name', pattern: '*', roles: ['viewer'] },
    }, 'mtls')
    const nameOf = (some: Partial<CertificateNames>): unknown => rules.principalOf(names(some))
    const workload = { uri: ['https://x', 'spiffe://example.org/ns/a/sa/deployer'], dns: ['node-1'] }
    expect(nameOf(workload)).to.deep.equal({ name: `cert:uri:${workload.uri[1]}`, method: 'mtls', roles: ['developer'] })
    expect(nameOf({ 'dns': ['a', 'node-1'], 'common-name': ['a'] })).to.deep.include({ name: 'cert:dns:node-1', roles: ['operator'] })
    expect(nameOf({ 'dns': ['a'], 'common-name': ['ada'] })).to.deep.include({ name: 'cert:ada', roles: ['viewer'] })
    expect(nameOf({ dns: ['a'] })).to.equal(undefined)
  })

  it('let everybody in by the common name, without roles, when there are none', () => {
    const found = new NameRules({}, 'mtls').principalOf(names({ 'common-name': ['ada'] }))
    expect(found).to.deep.equal({ name: 'cert:ada', method: 'mtls', roles: [] })
  })

  it('take no common name that looks like a name of another kind', () => {
    for (const name of ['dns:node-1', 'uri:spiffe://x', 'email:a@b.c']) expect(fits('*', name)).to.equal(false)
  })

  it('take a star for any characters, and everything else for itself', () => {
    const fitting = ['a.ops', '.ops', 'a.b.ops', 'a.opsx', 'axops'].filter(name => fits('*.ops', name))
    expect(fitting).to.deep.equal(['a.ops', '.ops', 'a.b.ops'])
    expect([fits('a*b*c', 'a1b2c'), fits('a**c', 'ac'), fits('', 'a'), fits('A', 'a')]).to.deep.equal([true, true, false, false])
    fc.assert(fc.property(fc.string({ minLength: 1 }), fc.string({ minLength: 1 }), (pattern, name) =>
      pattern.includes('*') || fits(pattern, name) === (pattern === name)))
    const part = fc.string({ minLength: 1 }).filter(text => !text.includes('*'))
    fc.assert(fc.property(part, fc.string(), (begin, rest) => fits(`${begin}*`, `${begin}${rest}`) || /^(dns|email|uri):/.test(begin)))
  })
})
