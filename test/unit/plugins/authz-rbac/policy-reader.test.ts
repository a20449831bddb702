import { expect } from 'chai'
import fc from 'fast-check'
import { isCaxtonError } from '../../../../kernel/contract/index.js'
import { PolicyInvalid } from '../../../../plugins/authz-rbac/authz-errors.js'
import type { Policy } from '../../../../plugins/authz-rbac/policy.js'
import { readPolicy } from '../../../../plugins/authz-rbac/policy-reader.js'

const RIGHTS = ['agents:deploy', 'agents:list', 'auth:whoami', 'cluster:manage', 'messages:send']

const read = (text: string): Policy => readPolicy(text, 'policy.toml', RIGHTS)

function problemsOf (text: string): readonly string[] {
  try {
    read(text)
  } catch (error) {
    if (PolicyInvalid.is(error)) return error.details.problems
    throw error
  }
  return []
}

describe('policy file', () => {
  it('gives roles of one\'s own beside the built-in ones, and bindings', () => {
    const { roles, bindings } = read(`
[roles.release]
summary = "Brings out releases."
includes = ["viewer"]
allow = ["agents:deploy on team-a-*, team-b", "messages:*"]
deny = ["agents:deploy on team-a-billing"]

[[bindings]]
principal = "key:ci-*"
roles = ["release", "developer"]

[[bindings]]
carries = ["viewer", "developer"]
method = "auth-api-key"
`)
    expect([...roles.keys()]).to.deep.equal(['viewer', 'developer', 'operator', 'admin', 'release'])
    const release = roles.get('release')
    expect(release?.allow.map(({ text, resources }) => [text, resources.map(each => each.text)])).to.deep.equal([
      ['agents:deploy on team-a-*, team-b', ['team-a-*', 'team-b']], ['messages:*', []],
    ])
    expect(bindings.map(({ by, method, roles: given, text }) => ({ by, method, given, text }))).to.deep.equal([
      { by: 'principal', method: undefined, given: ['release', 'developer'], text: 'principal "key:ci-*"' },
      { by: 'carries', method: 'auth-api-key', given: undefined, text: 'carries "viewer" or "developer" by auth-api-key' },
    ])
  })

  it('may be empty', () => {
    expect(read('').bindings).to.deep.equal([])
  })

  it('says of everything that is wrong where it stands and what was meant', () => {
    expect(problemsOf(`
[roles.release]
alow = ["agents:list"]
allow = [
  "agents:list",
  "agents:depoly on team-a-*",
  "cheese:*",
  "agents:list on a b",
]
includes = ["viewr"]

[[bindings]]
principal = "key:ci"
roles = ["relaese"]

[[bindings]]
roles = ["viewer"]

[[binding]]
`)).to.deep.equal([
      'policy.toml:19:3: "binding" is no key here (did you mean "bindings"?); keys are roles, bindings',
      'policy.toml:3:1: "alow" is no key here (did you mean "allow"?); keys are summary, includes, allow, deny',
      'policy.toml:6:4: "agents:depoly" is no right of this server (did you mean "agents:deploy"?)',
      'policy.toml:7:4: no right of this server is like "cheese:*"',
      'policy.toml:8:4: "a b" is two names without a comma between',
      'policy.toml:10:14: there is no role "viewr" (did you mean "viewer"?)',
      'policy.toml:14:11: there is no role "relaese" (did you mean "release"?)',
      'policy.toml:16:3: a binding needs either "principal" or "carries"',
    ])
  })

  it('says where TOML itself is broken', () => {
    expect(problemsOf('[roles.release]\nallow = ["agents:list"\n')[0]).to.match(/^policy\.toml:\d+:\d+: /)
  })

  it('leaves built-in roles alone, and knows no circle of roles', () => {
    expect(problemsOf('[roles.admin]\nallow = []\n')).to.deep.equal([
      'policy.toml:1:8: the role "admin" is built in and can\'t be changed; make one of another name that includes it',
    ])
    expect(problemsOf('[roles.a]\nincludes = ["b"]\n[roles.b]\nincludes = ["a"]\n')).to.deep.equal([
      'policy.toml:2:1: the role "a" includes itself', 'policy.toml:4:1: the role "b" includes itself',
    ])
  })

  it('lets no credential choose any role', () => {
    expect(problemsOf('[[bindings]]\ncarries = "*"\n')[0]).to.contain('would choose any role')
    expect(problemsOf('[[bindings]]\ncarries = ["nobody"]\n')[0]).to.contain('there is no role "nobody"')
  })

  it('is refused where values are of another kind', () => {
    expect(problemsOf('roles = 3\nbindings = "all"\n')).to.have.length(2)
    expect(problemsOf('[roles]\nx = 1\n')).to.deep.equal(['policy.toml:2:1: the role "x" is to be a table: [roles.x]'])
    expect(problemsOf('[[bindings]]\nprincipal = [1]\nroles = []\n')).to.have.length(3)
    expect(problemsOf('[[bindings]]\nprincipal = ""\nroles = ["viewer"]\n')).to.have.length(2)
  })

  it('is read or refused with places, whatever it holds', () => {
    const piece = fc.oneof(
      fc.constantFrom('[roles.a]\n', '[[bindings]]\n', 'allow = ["agents:list on x"]\n', 'principal = "key:*"\n', 'roles = ["admin"]\n',
        'carries = ["viewer"]\n', 'deny = ["*"]\n', 'includes = ["a", ""]\n', 'x = {y = [1, 2.5, 2020-01-01]}\n', '[roles]\n"" = 1\n',
        '__proto__ = {}\n', '[roles.__proto__]\n', '[roles.constructor]\nallow=["*"]\n'),
      fc.string({ maxLength: 12 }),
    )
    const numRuns = process.env['CAXTON_TEST_LONG'] === '1' ? 50_000 : 1_000
    fc.assert(fc.property(fc.array(piece, { maxLength: 8 }), pieces => {
      try {
        read(pieces.join(''))
      } catch (error) {
        expect(isCaxtonError(error) && error.code).to.equal('AUTHZ_POLICY_INVALID')
        expect(PolicyInvalid.is(error) && error.details.problems.every(problem => /^policy\.toml:[1-9]\d*:[1-9]\d*: /.test(problem)))
          .to.equal(true)
      }
    }), { numRuns })
  })
})
