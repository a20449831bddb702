import { expect } from 'chai'
import fc from 'fast-check'
import { AgentPermissions } from '../../../../../kernel/routing/permissions/agent-permissions.js'
import { PERMISSION_KINDS, readPermission, USUAL_PERMISSIONS } from '../../../../../kernel/routing/permissions/permission-words.js'

const LONG = process.env['CAXTON_TEST_LONG'] === '1'

const read = (...words: string[]): AgentPermissions =>
  AgentPermissions.read(words, (word, problem) => { throw new Error(`"${word}" ${problem}`) })

const word = fc.oneof(
  fc.constantFrom(...PERMISSION_KINDS),
  fc.tuple(fc.constantFrom('send', 'call'), fc.constantFrom('*', 'a', 'a*', 'ab', 'b*')).map(([kind, pattern]) => `${kind}:${pattern}`),
  fc.tuple(fc.constantFrom('publish', 'subscribe'), fc.constantFrom('#', 'a', 'a.*', 'a.#', '*.b'))
    .map(([kind, pattern]) => `${kind}:${pattern}`),
)

describe('the permissions of an agent', () => {
  it('are in one order, and without what another one contains', () => {
    expect(read('log', 'send:shop-*', 'send:shop-1', 'send:bank', 'log').words).to.deep.equal(['send:bank', 'send:shop-*', 'log'])
    expect(read('send:shop-*', 'send').words).to.deep.equal(['send'])
    expect(read('subscribe:a.*', 'subscribe:a.#', 'subscribe:b').words).to.deep.equal(['subscribe:a.#', 'subscribe:b'])
  })

  it('let it import what they stand for; a message is sent to publish, too', () => {
    expect(read('publish:a', 'call:ledger').calls).to.deep.equal(['send', 'call'])
    expect(read('log').calls).to.deep.equal(['log'])
    expect(read(...USUAL_PERMISSIONS).calls).to.include('send').and.not.include('call')
  })

  it('narrow it to patterns, or to nothing, and say so only where they do', () => {
    expect(read(...PERMISSION_KINDS).scopes).to.equal(undefined)
    expect(read('send:a*', 'publish', 'subscribe:#').scopes).to.deep.equal(
      { send: ['a*'], publish: undefined, subscribe: ['#'], call: [] })
    expect(read('log').scopes).to.deep.equal({ send: [], publish: [], subscribe: [], call: [] })
  })

  it('are within others when each of them is contained in one of those, which is so for themselves and goes on', () => {
    expect(read('send:shop-*', 'log').beyond(read('send:*', 'log'))).to.equal(undefined)
    expect(read('send', 'log').beyond(read('send:*', 'log'))).to.equal('send')
    expect(read('publish:prices.#').beyond(read('publish:prices.*'))).to.equal('publish:prices.#')
    expect(read('publish:prices.gold').beyond(read('publish:prices.*', 'publish:a'))).to.equal(undefined)
    const some = fc.array(word, { maxLength: 6 }).map(words => read(...words))
    fc.assert(fc.property(some, some, some, (one, other, third) => {
      expect(one.beyond(one)).to.equal(undefined)
      expect(read(...one.words).words).to.deep.equal(one.words)
      if (one.beyond(other) === undefined && other.beyond(third) === undefined) expect(one.beyond(third)).to.equal(undefined)
    }), { numRuns: LONG ? 50_000 : 500 })
  })

  it('are replaced by kind; whoever narrows to whom it writes narrows what it publishes', () => {
    const usual = read(...USUAL_PERMISSIONS)
    expect(usual.with(read('call:ledger')).words).to.deep.equal([...USUAL_PERMISSIONS, 'call:ledger'])
    expect(usual.with(read('send:shop-*')).words).to.include('send:shop-*').and.not.include.members(['publish', 'send'])
    expect(usual.with(read('send:shop-*', 'publish')).words).to.include.members(['publish', 'send:shop-*'])
    expect(read('send:shop-*').with(read('send')).words).to.deep.equal(['send'])
    expect(usual.without(['random', 'send']).words).to.not.include.members(['random', 'send'])
  })

  it('are refused where they are none', () => {
    const bad = [
      '', 'fly', 'Send', 'send:', 'send: ', 'timer:1', 'log:a', 'publish:a..b', 'publish:-a', 'subscribe:a.#.b', 'call:a b', ':a',
    ]
    for (const text of bad) expect(readPermission(text), text).to.be.a('string')
    expect(() => read('log', 'fly')).to.throw('"fly" is none of send, publish')
    fc.assert(fc.property(fc.string({ maxLength: 20 }), text => {
      const permission = readPermission(text)
      if (typeof permission !== 'string') expect(read(text).words).to.deep.equal([text])
    }), { numRuns: LONG ? 100_000 : 1_000 })
  })
})
