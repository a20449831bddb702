import { expect } from 'chai'
import { readPluginTables, type PluginTable } from '../../../../../kernel/lifecycle/configuration/plugin-tables.js'
import type { Problem } from '../../../../../kernel/lifecycle/configuration/problem.js'
import { parseToml } from '../../../../../kernel/lifecycle/configuration/toml-file.js'

describe('tables of plugins', () => {
  let problems: Problem[]

  beforeEach(() => { problems = [] })

  const read = (text: string): PluginTable[] => readPluginTables(
    parseToml(Buffer.from(text), 'x.toml', problems), { path: 'plugins', folder: '/etc', phase: 'configure', problems })

  it('name the plugin by themselves, and keep the order of the file', () => {
    const tables = read('[b]\n[a]\nport = 1\n')
    expect(problems).to.deep.equal([])
    expect(tables).to.deep.equal([
      { instance: 'b', use: 'b', enabled: true, optional: false, allow: [], values: new Map() },
      { instance: 'a', use: 'a', enabled: true, optional: false, allow: [], values: new Map([['port', 1]]) },
    ])
  })

  it('keep the kernel\'s keys apart from the plugin\'s own', () => {
    const [table] = read(
      '[login]\nuse = "@acme/ldap"\nenabled = false\noptional = true\nallow = ["net.dial"]\nurl = "u"')
    expect(table).to.deep.equal({
      instance: 'login', use: '@acme/ldap', enabled: false, optional: true, allow: ['net.dial'],
      values: new Map([['url', 'u']]),
    })
  })

  it('refuse a privilege that does not exist, with the nearest one', () => {
    read('[a]\nallow = ["net.dail"]')
    expect(problems[0]?.message).to.contain('plugins.a.allow[0]').and.contain('did you mean "net.dial"?')
  })

  it('refuse names that are none, those of the kernel\'s parts, and plain values', () => {
    read('x = 1\n[Bad_Name]\n["@acme/x"]\n[kernel-log]')
    expect(problems.map(({ path }) => path)).to.deep.equal(['plugins.x', 'plugins.Bad_Name', 'plugins."@acme/x"',
      'plugins.kernel-log'])
  })

  it('leave the table "kernel" to later keys of the kernel: there are none yet', () => {
    const [table] = read('[a]\n[a.kernel]\nlater = 1')
    expect(problems.map(({ code, path }) => `${code} ${path}`))
      .to.deep.equal(['CONFIG_UNKNOWN_KEY plugins.a.kernel.later'])
    expect(table?.values).to.deep.equal(new Map())
  })
})
