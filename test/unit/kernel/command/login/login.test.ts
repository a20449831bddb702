import { expect } from 'chai'
import fc from 'fast-check'
import { loginPlace } from '../../../../../kernel/command/login/login-file.js'
import { loginsText, readLogins, type Login } from '../../../../../kernel/command/login/login.js'

const text = fc.string()
const maybe = fc.option(text, { nil: undefined })
const login: fc.Arbitrary<Login> = fc.record({
  issuer: text, client: text, token: text, scope: maybe, resource: maybe, trust: maybe, refresh: maybe,
  expires: fc.option(fc.nat(), { nil: undefined }),
}, { noNullPrototype: true })

describe('The file of logins', () => {
  it('reads what was written, whatever it is', () => {
    const servers = fc.string().filter(name => name !== '__proto__')
    fc.assert(fc.property(fc.uniqueArray(fc.tuple(servers, login), { selector: ([server]) => server }), entries => {
      const read = readLogins(loginsText(new Map(entries)))
      expect(Object.fromEntries(read ?? [])).to.deep.equal(Object.fromEntries(entries))
    }))
  })

  it('takes nothing else for logins', () => {
    const whole = (value: unknown): string => JSON.stringify({ version: 1, logins: { 'a:1': value } })
    const good = { issuer: 'i', client: 'c', token: 't' }
    expect(readLogins(whole(good))).to.have.property('size', 1)
    const odd = [{ ...good, token: 1 }, { ...good, refresh: 1 }, { ...good, expires: '1' }, { ...good, issuer: null }]
    for (const broken of [...odd, null, [], 'x', {}]) {
      expect(readLogins(whole(broken)), JSON.stringify(broken)).to.equal(undefined)
    }
    for (const broken of ['', 'x', '{}', '[]', 'null', '{"version":2,"logins":{}}', '{"version":1}', '{"version":1,"logins":[]}']) {
      expect(readLogins(broken), broken).to.equal(undefined)
    }
    fc.assert(fc.property(fc.oneof(fc.json(), fc.string()), garbage => { expect(readLogins(garbage)).to.equal(undefined) }))
  })

  it('lies among the settings of its user', () => {
    expect(loginPlace({ XDG_CONFIG_HOME: '/s', HOME: '/h' })).to.equal('/s/caxton/logins.json')
    expect(loginPlace({ HOME: '/h' })).to.equal('/h/.config/caxton/logins.json')
    expect(loginPlace({ XDG_CONFIG_HOME: 'relative', HOME: '/h' })).to.equal('/h/.config/caxton/logins.json')
    expect(loginPlace({ HOME: '' })).to.equal(undefined)
    expect(loginPlace({})).to.equal(undefined)
  })
})
