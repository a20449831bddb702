import { expect } from 'chai'
import fc from 'fast-check'
import { ClaimPrincipals, CredentialRefused, type ClaimKeys, type Claims, type Principal } from '../../../../../kernel/contract/index.js'

const KEYS: ClaimKeys = { name_claim: 'sub', role_claims: ['roles'], roles: {}, default_roles: [] }
const principalOf = (claims: Claims, keys: Partial<ClaimKeys> = {}): Principal =>
  new ClaimPrincipals({ ...KEYS, ...keys }, 'jwt:corporate/', 'auth-jwt', 'it').principalOf(claims)

describe('The principal of a token', () => {
  it('is called by its issuer and its claim', () => {
    expect(principalOf({ sub: 'alice' })).to.deep.equal({ name: 'jwt:corporate/alice', method: 'auth-jwt', roles: [] })
    expect(principalOf({ 'https://id.test/mail': 'a@b.test' }, { name_claim: 'https://id.test/mail' }).name).to.equal('jwt:corporate/a@b.test')
    expect(principalOf({ user: { login: 'al' } }, { name_claim: 'user.login' }).name).to.equal('jwt:corporate/al')
  })

  it('is called by its client where it is nobody else\'s, under which name nobody else can come', () => {
    expect(principalOf({ client_id: 'ci' }).name).to.equal('jwt:corporate/client:ci')
    expect(() => principalOf({ sub: 'client:ci' })).to.throw('looks like a client\'s')
  })

  it('has no role that the operator did not give', () => {
    expect(principalOf({ sub: 'a', roles: ['admin', 'operator'] }).roles).to.deep.equal([])
    expect(principalOf({ sub: 'a', roles: ['admin'] }, { default_roles: ['viewer'] }).roles).to.deep.equal(['viewer'])
  })

  it('has the roles of its claims, in lists, in words and at the end of a path', () => {
    const roles = { admin: { values: ['chiefs', 'caxton:all'] }, viewer: { values: ['staff'] } }
    const claims = { sub: 'a', groups: ['staff', 7, null], scope: 'openid caxton:all', realm_access: { roles: ['chiefs'] } }
    expect(principalOf(claims, { roles, role_claims: ['groups'] }).roles).to.deep.equal(['viewer'])
    expect(principalOf(claims, { roles, role_claims: ['groups', 'scope'] }).roles).to.deep.equal(['admin', 'viewer'])
    expect(principalOf(claims, { roles, role_claims: ['realm_access.roles'] }).roles).to.deep.equal(['admin'])
    expect(principalOf(claims, { roles, role_claims: ['scope.length', 'constructor.name', '__proto__'] }).roles).to.deep.equal([])
  })

  for (const sub of ['', ' a', 'a ', 'a\nb', 'a\u0000', 'a\u202eb', 'a\u2028', 'x'.repeat(256), 7, null, [], {}]) {
    it(`is refused when it is called ${JSON.stringify(sub).slice(0, 12)}`, () => {
      expect(() => principalOf({ sub, client_id: 'ci' })).to.throw('can\'t be used')
    })
  }

  it('is refused when nobody is named', () => {
    expect(() => principalOf({})).to.throw('it names nobody in "sub"')
    expect(() => principalOf({ sub: 'a' }, { name_claim: 'constructor' })).to.throw('it names nobody')
  })

  it('is made or refused by the declared error, whatever is claimed', () => {
    const roles = { admin: { values: ['admin'] } }
    fc.assert(fc.property(fc.object({ key: fc.constantFrom('sub', 'roles', 'client_id', 'x', '__proto__') }), claims => {
      try {
        const { name } = principalOf({ ...claims }, { roles })
        expect(name).to.match(/^jwt:corporate\/\P{C}+$/u)
      } catch (error) {
        if (!CredentialRefused.is(error)) throw error
      }
    }))
  })
})
