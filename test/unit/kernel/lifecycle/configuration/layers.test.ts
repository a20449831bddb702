import { expect } from 'chai'
import { applyLayers } from '../../../../../kernel/lifecycle/configuration/layers.js'
import type { Problem } from '../../../../../kernel/lifecycle/configuration/problem.js'
import { isTable, Text, type Table, type Value } from '../../../../../kernel/lifecycle/configuration/table.js'

describe('layers over the configuration file', () => {
  let problems: Problem[]
  let file: Table

  beforeEach(() => {
    problems = []
    file = new Map<string, Value>([
      ['node', new Map<string, Value>([['id', 'n1']])],
      ['plugins', new Map<string, Value>([['my-api', new Map<string, Value>([['port', 1]])]])],
    ])
  })

  function at (...path: string[]): string | Value | undefined {
    let value: Value | undefined = file
    for (const key of path) value = isTable(value) ? value.get(key) : undefined
    return value instanceof Text ? `${value.text} by ${value.origin}` : value
  }

  it('put the environment over the file and the options over both', () => {
    applyLayers(file, { CAXTON_NODE__ID: 'n2', CAXTON_NODE__ZONE: 'a' }, ['node.zone=b'], problems)
    expect(at('node', 'id')).to.equal('n2 by CAXTON_NODE__ID')
    expect(at('node', 'zone')).to.equal('b by --set node.zone')
    expect(problems).to.deep.equal([])
  })

  it('let the later of two options win', () => {
    applyLayers(file, {}, ['node.id=a', 'node.id=b'], problems)
    expect(at('node', 'id')).to.equal('b by --set node.id')
  })

  it('find a table with dashes by a variable with underscores', () => {
    applyLayers(file, { CAXTON_PLUGINS__MY_API__PORT: '2' }, [], problems)
    expect(at('plugins', 'my-api', 'port')).to.equal('2 by CAXTON_PLUGINS__MY_API__PORT')
  })

  it('find a name with dashes that the operator chose', () => {
    file.set('plugins', new Map([['x', new Map([['tools', new Map([['my-tool', new Map([['tries', 1]])]])]])]]))
    applyLayers(file, { CAXTON_PLUGINS__X__TOOLS__MY_TOOL__TRIES: '2' }, [], problems)
    expect(at('plugins', 'x', 'tools', 'my-tool', 'tries')).to.equal('2 by CAXTON_PLUGINS__X__TOOLS__MY_TOOL__TRIES')
  })

  it('do not depend on the order of the environment', () => {
    applyLayers(file, { CAXTON_NODE__id: 'small', CAXTON_NODE__ID: 'large' }, [], problems)
    expect(at('node', 'id')).to.equal('small by CAXTON_NODE__id')
  })

  it('write a new plugin with dashes and a new key with underscores', () => {
    applyLayers(file, { CAXTON_PLUGINS__AUTH_JWT__CLOCK_SKEW: '2s' }, [], problems)
    expect(at('plugins', 'auth-jwt', 'clock_skew')).to.equal('2s by CAXTON_PLUGINS__AUTH_JWT__CLOCK_SKEW')
  })

  it('leave variables without a double underscore to whoever they belong to', () => {
    applyLayers(file, { CAXTON_DATA_DIR: '/x', PATH: '/bin', OTHER__THING: '1' }, [], problems)
    expect([...file.keys()]).to.deep.equal(['node', 'plugins'])
    expect(problems).to.deep.equal([])
  })

  it('keep everything after the first equals sign', () => {
    applyLayers(file, {}, ['node.id=a=b'], problems)
    expect(at('node', 'id')).to.equal('a=b by --set node.id')
  })

  for (const [set, why] of [
    ['node', 'without a value'], ['node=1', 'that names a section'], ['=1', 'without a path'],
    ['node..id=1', 'with an empty part'],
    ['node.id.deep=1', 'into a value'],
    ['__proto__.x=1', 'into a prototype'], ['node.__proto__=1', 'over a prototype'],
    ['plugins.constructor.prototype=1', 'into a constructor'],
  ] as const) {
    it(`refuse an option ${why}`, () => {
      applyLayers(file, {}, [set], problems)
      expect(problems.map(({ code }) => code)).to.deep.equal(['CONFIG_SETTING_MALFORMED'])
    })
  }

  it('refuse a variable that names a prototype', () => {
    applyLayers(file, { CAXTON___PROTO____X: '1', CAXTON_NODE__CONSTRUCTOR__X: '1' }, [], problems)
    expect(problems.map(({ code }) => code)).to.deep.equal(['CONFIG_SETTING_MALFORMED', 'CONFIG_SETTING_MALFORMED'])
    expect(Object.hasOwn(Object.prototype, 'x')).to.equal(false)
  })
})
