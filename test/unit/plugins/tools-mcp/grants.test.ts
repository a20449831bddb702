import { expect } from 'chai'
import fc from 'fast-check'
import type { Store } from '../../../../kernel/contract/index.js'
import { fits, readRule } from '../../../../plugins/tools-mcp/grants/argument-rule.js'
import { GrantBook, GRANTS } from '../../../../plugins/tools-mcp/grants/grant-book.js'
import { RecordChanges } from '../../../../plugins/tools-mcp/record-changes.js'
import { memoryStore } from '../../../support/hosting.js'
import { VirtualClock } from '../../../support/virtual-clock.js'

const LONG = process.env['CAXTON_TEST_LONG'] === '1'

describe('grants of tools', () => {
  let store: Store
  let book: GrantBook

  beforeEach(async () => {
    store = memoryStore()
    await store.migrate([{ version: 1, summary: 'Grants.', creates: [GRANTS] }])
    book = new GrantBook(store, new VirtualClock(), new RecordChanges())
    await book.load({})
  })

  const may = (agent: string, tool: string, given: Readonly<Record<string, unknown>> = {}): boolean =>
    book.decide(agent, tool, given).allowed

  it('let nobody call anything at first', () => {
    expect(may('clerk', 'files.read')).to.equal(false)
  })

  it('let those call whom they name what they name, and nobody else anything else', async () => {
    await book.grant('shop-*', 'files.read_*', [], 'ada')
    expect([may('shop-1', 'files.read_text'), may('shop-', 'files.read_'), may('clerk', 'files.read_text'), may('shop-1', 'files.write')])
      .to.deep.equal([true, true, false, false])
  })

  it('hold for arguments that fit all of their rules', async () => {
    await book.grant('clerk', 'files.read', ['path=/srv/*', 'user.id=7'], 'ada')
    expect(may('clerk', 'files.read', { path: '/srv/a', user: { id: 7 } })).to.equal(true)
    expect(may('clerk', 'files.read', { path: '/etc/a', user: { id: 7 } })).to.equal(false)
    expect(may('clerk', 'files.read', { path: '/srv/a' })).to.equal(false)
    expect(book.decide('clerk', 'files.read', {}).because).to.equal('no grant covers these arguments')
  })

  it('outlive the server, and end at once when they are revoked', async () => {
    await book.grant('clerk', 'a.b', [], 'ada')
    await book.grant('clerk', 'a.b', ['x=1'], 'ada')
    const later = new GrantBook(store, new VirtualClock(), new RecordChanges())
    await later.load({})
    expect(later.decide('clerk', 'a.b', {}).allowed).to.equal(true)
    expect(await later.revoke('clerk', 'a.b', 'ada')).to.have.length(2)
    expect(later.decide('clerk', 'a.b', {}).allowed).to.equal(false)
    const last = new GrantBook(store, new VirtualClock(), new RecordChanges())
    await last.load({})
    expect(last.list()).to.deep.equal([])
  })

  it('of the configuration stand beside the others, and are not revoked', async () => {
    const configured = new GrantBook(store, new VirtualClock(), new RecordChanges())
    await configured.load({ state: { agents: ['*'], tools: ['state.*'], arguments: [] } })
    expect(configured.decide('anybody', 'state.store', {}).allowed).to.equal(true)
    const error: unknown = await configured.revoke('*', 'state.*', 'ada').catch((reason: unknown) => reason)
    expect(error).to.have.property('code', 'TOOL_GRANT_NOT_FOUND')
  })

  it('are refused when they can\'t be read, and change nothing then', async () => {
    const wrong = [['', 'a.b', []], ['a b', 'a.b', []], ['a', '', []], ['a', 'a.b', ['path']], ['a', 'a.b', ['.=x']]] as const
    for (const [agents, tools, rules] of wrong) {
      const error: unknown = await book.grant(agents, tools, rules, 'ada').catch((reason: unknown) => reason)
      expect(error).to.have.property('code', 'TOOL_GRANT_INVALID')
    }
    expect(book.list()).to.deep.equal([])
  })

  it('survive whatever lies in the store', async () => {
    await store.commit([
      { put: GRANTS, key: 'a', value: Buffer.from('{') }, { put: GRANTS, key: 'b', value: Buffer.from('7') },
      { put: GRANTS, key: 'c', value: Buffer.from('{"agents":1}') },
      { put: GRANTS, key: 'd', value: Buffer.from('{"key":"d","version":1,"at":1,"by":"","agents":"*","tools":"*","rules":[]}') },
    ])
    await book.load({})
    expect(book.list()).to.deep.equal([])
  })
})

describe('what an argument must be like', () => {
  const rule = (text: string) => readRule(text) ?? expect.fail(`${text} is no rule`)

  it('is not fooled by a path that climbs out of its folder', () => {
    const paths = ['/srv/a/../../etc/passwd', '/srv/..', '/srv/a\\..\\b', '..', '/srv/../', '/srv/a/..b/../c']
    expect(paths.map(path => fits(rule('path=/srv/*'), { path }))).to.deep.equal(paths.map(() => false))
    expect(fits(rule('path=*'), { path: '../x' })).to.equal(false)
    expect(['/srv/a..b', '/srv/..a', '/srv/a/.b'].map(path => fits(rule('path=/srv/*'), { path }))).to.deep.equal([true, true, true])
  })

  it('holds for each of several, and for none that is no plain value', () => {
    expect(fits(rule('to=a*'), { to: ['ab', 'ac'] })).to.equal(true)
    const wrong = [['ab', 'b'], [], [['ab']], { ab: 1 }, null, undefined]
    expect(wrong.map(to => fits(rule('to=a*'), { to }))).to.deep.equal(wrong.map(() => false))
    expect([fits(rule('n=7'), { n: 7 }), fits(rule('n=7'), { n: '7' }), fits(rule('on=true'), { on: true })])
      .to.deep.equal([true, true, true])
  })

  it('looks at nothing that the arguments did not bring themselves', () => {
    expect(fits(rule('constructor.name=*'), {})).to.equal(false)
    expect(fits(rule('toString=*'), {})).to.equal(false)
  })

  it('never throws, whatever the arguments are and whatever it is read from', () => {
    const seed = Number(process.env['CAXTON_TEST_SEED'] ?? '1')
    fc.assert(fc.property(fc.string(), fc.dictionary(fc.string(), fc.jsonValue()), (text, given) => {
      const read = readRule(text)
      if (read !== undefined) expect(typeof fits(read, given)).to.equal('boolean')
    }), { numRuns: LONG ? 100_000 : 500, seed })
  })
})
