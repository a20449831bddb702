import { expect } from 'chai'
import fc from 'fast-check'
import type { Principal } from '../../../../kernel/contract/index.js'
import { CompiledPolicy } from '../../../../plugins/authz-rbac/compiled-policy.js'
import { readPolicy } from '../../../../plugins/authz-rbac/policy-reader.js'

const RIGHTS = ['agents:deploy', 'agents:list', 'auth:whoami', 'cluster:manage', 'messages:send']
const POLICY = `
[roles.team-a]
allow = ["agents:deploy on team-a-*", "messages:send on team-a-*, bob, topic:prices"]
deny = ["agents:deploy on team-a-billing", "messages:send on team-a-secret-*"]

[roles.team-a-lead]
includes = ["team-a"]
allow = ["agents:*"]

[[bindings]]
principal = ["key:ci-*", "jwt:ann"]
roles = ["team-a"]

[[bindings]]
carries = "leads"
method = "auth-jwt"
roles = ["team-a-lead"]

[[bindings]]
carries = ["admin"]
method = "auth-api-key"

[[bindings]]
principal = "anonymous"
roles = ["viewer"]

[[bindings]]
principal = "*"
roles = ["developer"]
method = "never"
`
const compiled = (text = POLICY): CompiledPolicy => new CompiledPolicy(readPolicy(text, 'policy.toml', RIGHTS), RIGHTS)
const who = (name: string, roles: readonly string[] = [], method = 'auth-api-key'): Principal => ({ name, method, roles })
const ANONYMOUS: Principal = { name: 'anonymous', method: 'none', roles: [] }

describe('policy in force', () => {
  it('denies what nothing allows', () => {
    expect(compiled().decide(who('key:stranger'), 'agents:list', '')).to.deep.equal({
      allowed: false, because: 'the caller has no role, so nothing allows it on everything',
    })
    expect(compiled().decide(who('key:ci-1'), 'cluster:manage', 'node-2')).to.deep.equal({
      allowed: false, because: 'no rule of "team-a" allows it on "node-2"',
    })
    expect(compiled().decide(who('key:ci-1'), 'unheard:of', '').allowed).to.equal(false)
  })

  it('allows by the rule that it names, on what that rule names', () => {
    const decide = (resource: string) => compiled().decide(who('key:ci-1'), 'agents:deploy', resource)
    expect(decide('team-a-1')).to.deep.equal({ allowed: true, because: 'the role "team-a" allows "agents:deploy on team-a-*"' })
    expect(decide('team-b-1').allowed).to.equal(false)
    expect(decide('').allowed).to.equal(false)
  })

  it('lets deny rules win, whichever role they stand in', () => {
    const decision = compiled().decide(who('key:ci-1', ['leads'], 'auth-jwt'), 'agents:deploy', 'team-a-billing')
    expect(decision).to.deep.equal({ allowed: false, because: 'the role "team-a" denies "agents:deploy on team-a-billing"' })
    expect(compiled().decide(who('key:ci-1', ['leads'], 'auth-jwt'), 'agents:deploy', 'elsewhere').allowed).to.equal(true)
  })

  it('allows something on many things only if it allows all of them and denies none', () => {
    const decide = (resource: string): boolean => compiled().decide(who('key:ci-1'), 'agents:deploy', resource).allowed
    expect(decide('team-a-x*')).to.equal(true)
    expect(decide('team-a-*')).to.equal(false)
    expect(decide('team-a-b*')).to.equal(false)
    expect(decide('team-*')).to.equal(false)
    expect(decide('*')).to.equal(false)
  })

  it('takes what is behind a topic for what a deny rule may mean', () => {
    const send = (text: string): boolean => compiled(text).decide(who('key:ci-1'), 'messages:send', 'topic:prices').allowed
    expect(send(POLICY)).to.equal(false)
    expect(send(POLICY.replace(', "messages:send on team-a-secret-*"', ''))).to.equal(true)
    expect(send(POLICY.replace('team-a-secret-*', 'topic:wages'))).to.equal(true)
  })

  it('counts a carried role only where a binding says so, and only by the authenticator that it names', () => {
    const may = (principal: Principal): boolean => compiled().decide(principal, 'cluster:manage', '').allowed
    expect(may(who('key:x', ['admin']))).to.equal(true)
    expect(may(who('jwt:x', ['admin'], 'auth-jwt'))).to.equal(false)
    expect(may(who('key:x', ['admni']))).to.equal(false)
  })

  it('means an anonymous caller by that name alone, and nobody else by it', () => {
    expect(compiled().given(ANONYMOUS)).to.deep.equal([{ role: 'viewer', binding: 'principal "anonymous"' }])
    expect(compiled().given(who('anonymous'))).to.deep.equal([])
    const everybody = '[[bindings]]\nprincipal = "*"\nroles = ["admin"]\n'
    expect(compiled(everybody).decide(ANONYMOUS, 'agents:list', '').allowed).to.equal(false)
    expect(compiled(everybody).decide(who('key:x'), 'agents:list', '').allowed).to.equal(true)
  })

  it('lets everybody ask who they are, unless a rule denies that', () => {
    expect(compiled('').decide(ANONYMOUS, 'auth:whoami', '').allowed).to.equal(true)
    const denied = '[roles.none]\ndeny = ["*"]\n[[bindings]]\nprincipal = "key:x"\nroles = ["none"]\n'
    expect(compiled(denied).decide(who('key:x'), 'auth:whoami', '').allowed).to.equal(false)
  })

  it('tells callers of one name apart by how they were proven and by what they carry', () => {
    const policy = compiled()
    const may = (roles: readonly string[], method: string): boolean => policy.decide(who('x', roles, method), 'cluster:manage', '').allowed
    expect([may(['admin'], 'auth-api-key'), may([], 'auth-api-key'), may(['admin'], 'auth-jwt'), may(['admin'], 'auth-api-key')])
      .to.deep.equal([true, false, false, true])
  })

  it('decides alike when there are more callers than it remembers', () => {
    const read = readPolicy('[[bindings]]\nprincipal = "key:even-*"\nroles = ["admin"]\n', 'policy.toml', RIGHTS)
    const policy = new CompiledPolicy(read, RIGHTS, 3)
    for (let number = 0; number < 10; number++) policy.decide(who(`key:even-${number}`), 'agents:list', '')
    expect(policy.decide(who('key:even-0'), 'agents:list', '').allowed).to.equal(true)
    expect(policy.decide(who('key:odd-0'), 'agents:list', '').allowed).to.equal(false)
  })

  it('decides as the rules say one by one', () => {
    const names = fc.string({ unit: fc.constantFrom('a', 'b', '-'), minLength: 1, maxLength: 3 })
    const glob = fc.string({ unit: fc.constantFrom('a', 'b', '-', '*'), minLength: 1, maxLength: 3 })
    const rule = fc.record({
      right: fc.constantFrom(...RIGHTS, 'agents:*', '*', '*:list'), on: fc.option(fc.array(glob, { minLength: 1, maxLength: 3 })),
    })
    const rules = fc.array(rule, { maxLength: 4 })
    const like = (pattern: string, text: string): boolean => new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(text)
    fc.assert(fc.property(rules, rules, fc.constantFrom('agents:list', 'messages:send'), names, (allow, deny, right, resource) => {
      const meant = (list: typeof allow): boolean => list.some(each =>
        like(each.right, right) && (each.on ?? ['*']).some(pattern => like(pattern, resource)))
      const written = ({ right: rights, on }: typeof allow[number]): string => on ? `${rights} on ${on.join(', ')}` : rights
      const texts = (list: typeof allow): string => JSON.stringify(list.map(written))
      const text = `[roles.r]\nallow = ${texts(allow)}\ndeny = ${texts(deny)}\n[[bindings]]\nprincipal = "key:x"\nroles = ["r"]\n`
      expect(compiled(text).decide(who('key:x'), right, resource).allowed).to.equal(meant(allow) && !meant(deny))
    }), { numRuns: 500 })
  })
})
