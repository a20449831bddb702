import { expect } from 'chai'
import type { Problem } from '../../../../../kernel/lifecycle/configuration/problem.js'
import { exitCodeOf, reportJson, reportText } from '../../../../../kernel/lifecycle/plugins/start-report.js'

describe('the start report', () => {
  const problem = (parts: Partial<Problem>): Problem => ({
    code: 'CONFIG_INVALID', kind: 'configuration', phase: 'configure', message: 'm', remedy: 'r', causes: [],
    ignored: false, ...parts,
  })

  const problems = [
    problem({ instance: 'transport-tcp', message: 'plugins.transport-tcp.port: expected a port', remedy: 'The port.' }),
    problem({ instance: 'transport-tcp', code: 'CONFIG_UNKNOWN_KEY',
      message: 'plugins.transport-tcp.hots is not a key', remedy: 'Keys are: host.' }),
    problem({ instance: 'transport-tcp', message: 'plugins.transport-tcp.size: expected a size', remedy: 'The size.' }),
    problem({ instance: 'old', code: 'PLUGIN_CONTRACT', phase: 'load', message: '"old" wants 0.9',
      causes: ['c1', 'c2'], ignored: true }),
    problem({ code: 'CONFIG_SYNTAX', phase: 'read', message: 'x.toml, line 2', excerpt: '1: a\n2: b\n   ^' }),
    problem({ path: 'agents.max', message: 'agents.max: expected a whole number', remedy: 'same' }),
    problem({ path: 'agents.shards', message: 'agents.shards: expected a whole number', remedy: 'same' }),
  ]

  it('shows every problem to people, grouped, with causes, lines of the file and remedies', () => {
    expect(reportText({ file: '/etc/caxton/caxton.toml', problems })).to.equal(`\
6 problems in /etc/caxton/caxton.toml: the server cannot start (1 more of optional plugins, ignored)

  transport-tcp  configure  CONFIG_INVALID
    plugins.transport-tcp.port: expected a port
    The port.
    plugins.transport-tcp.size: expected a size
    The size.

  transport-tcp  configure  CONFIG_UNKNOWN_KEY
    plugins.transport-tcp.hots is not a key
    Keys are: host.

  old  load  PLUGIN_CONTRACT  (optional: ignored)
    "old" wants 0.9
    caused by: c1
    caused by: c2
    r

  configuration  read  CONFIG_SYNTAX
    x.toml, line 2
      1: a
      2: b
         ^
    r

  agents  configure  CONFIG_INVALID
    agents.max: expected a whole number
    agents.shards: expected a whole number
    same
`)
  })

  it('says so when nothing is wrong, or only with optional plugins', () => {
    expect(reportText({ file: 'f', problems: [] })).to.equal('f is in order\n')
    expect(reportText({ file: 'f', problems: [problem({ ignored: true })] }))
      .to.match(/^1 problem in f; the server can start without the plugins concerned\n/)
  })

  it('is the same for programs', () => {
    expect(reportJson({ file: 'f', problems })).to.deep.equal({ file: 'f', canStart: false, exitCode: 78, problems, outlooks: [] })
  })

  it('ends the process with 78 for a wrong configuration, 1 for a failed start, 0 when only optional plugins fail',
    () => {
    expect(exitCodeOf([])).to.equal(0)
    expect(exitCodeOf([problem({ ignored: true })])).to.equal(0)
    const failed = problem({ phase: 'start', kind: 'internal' })
    expect(exitCodeOf([failed])).to.equal(1)
    expect(exitCodeOf([failed, problem({ phase: 'order' })])).to.equal(78)
    expect(exitCodeOf([failed, problem({ phase: 'order', ignored: true })])).to.equal(1)
    expect(exitCodeOf([problem({ phase: 'start', kind: 'configuration' })])).to.equal(78)
  })

  it('ends with what plugins say of a start', () => {
    const outlooks = [{ instance: 'transport-tcp', sentence: 'links over TCP' }]
    const report = { file: 'x.toml', problems: [], outlooks }
    expect(reportText(report)).to.equal('x.toml is in order\n  transport-tcp  links over TCP\n')
    expect(reportJson(report)).to.deep.include({ canStart: true, outlooks })
  })
})
