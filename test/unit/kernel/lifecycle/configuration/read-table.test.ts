import { expect } from 'chai'
import fc from 'fast-check'
import { configSchema, listOf, mapOf, oneOf, Secret } from '../../../../../kernel/contract/index.js'
import type { Problem } from '../../../../../kernel/lifecycle/configuration/problem.js'
import { readTable } from '../../../../../kernel/lifecycle/configuration/read-table.js'
import { Text, type Table, type Value } from '../../../../../kernel/lifecycle/configuration/table.js'
import { parseToml } from '../../../../../kernel/lifecycle/configuration/toml-file.js'

const schema = configSchema({
  url: { doc: 'Where to go.', format: 'string' },
  port: { doc: 'Port.', format: 'port', default: 7947, min: 1 },
  wait: { doc: 'How long.', format: 'duration', default: '5s', min: 100, max: 60_000 },
  mode: { doc: 'How.', format: oneOf('fast', 'safe'), default: 'safe' },
  key: { doc: 'Key.', format: 'secret', default: null },
  loud: { doc: 'Loud.', format: 'boolean', default: false },
  seeds: { doc: 'Seeds.', format: listOf('address'), default: [] },
  tools: { doc: 'Tools.', format: mapOf({ command: { doc: 'What to run.', format: 'string' },
    tries: { doc: 'Tries.', format: 'integer', default: 3 } }), default: {} },
})

describe('a table read by its schema', () => {
  let problems: Problem[]

  beforeEach(() => { problems = [] })

  const read = (table: Table) => readTable(schema, table,
    { path: 'plugins.x', folder: '/etc', phase: 'configure', instance: 'x', problems })
  const readToml = (text: string) => read(parseToml(Buffer.from(text), 'x.toml', problems))
  const found = (): Array<string | undefined> => problems.map(problem => `${problem.code} ${problem.path}`)

  it('has typed values, with defaults where nothing is given', () => {
    expect(readToml('url = "u"\nwait = "2s"\nseeds = ["a:1", "[::1]:2"]\n[tools.git]\ncommand = "git"')).to.deep.equal({
      url: 'u', port: 7947, wait: 2000, mode: 'safe', key: undefined, loud: false, seeds: ['a:1', '[::1]:2'],
      tools: { git: { command: 'git', tries: 3 } },
    })
    expect(problems).to.deep.equal([])
  })

  it('reports every problem of the table in one run, each with its exact path', () => {
    readToml('port = "x"\nwait = "1ms"\nmode = "fats"\nseeds = ["a:1", "b"]\nlod = true\n' +
      '[tools.git]\ncommnd = "git"\ntries = 0.5')
    expect(found()).to.deep.equal([
      'CONFIG_UNKNOWN_KEY plugins.x.lod', 'CONFIG_INVALID plugins.x.url', 'CONFIG_INVALID plugins.x.port',
      'CONFIG_INVALID plugins.x.wait',
      'CONFIG_INVALID plugins.x.mode', 'CONFIG_INVALID plugins.x.seeds[1]',
      'CONFIG_UNKNOWN_KEY plugins.x.tools.git.commnd',
      'CONFIG_INVALID plugins.x.tools.git.command', 'CONFIG_INVALID plugins.x.tools.git.tries',
    ])
    expect(problems.every(problem => problem.instance === 'x' && problem.phase === 'configure')).to.equal(true)
  })

  it('names the nearest key, the nearest word, what was expected and what is there', () => {
    readToml('url = "u"\nlod = true\nmode = "fats"\nport = 70000\nwait = "2h"\nloud = "yes"')
    expect(problems.map(({ message }) => message)).to.deep.equal([
      'plugins.x.lod is not a key (did you mean "loud"?)',
      'plugins.x.port: expected a port from 0 to 65535, found 70000',
      'plugins.x.wait: must be at most 1m, is 2h',
      'plugins.x.mode: expected one of "fast", "safe", found "fats" (did you mean "fast"?)',
      'plugins.x.loud: expected true or false, found "yes"',
    ])
  })

  it('says what a wrong key is for', () => {
    readToml('url = "u"\nport = true')
    expect(problems[0]?.remedy).to.equal('Port. Default: 7947.')
  })

  it('reads text from outside the file as the format wants it', () => {
    const text = (value: string): Text => new Text(value, 'CAXTON_X')
    const values = read(new Map<string, Value>([
      ['url', text('12')], ['port', text('80')], ['loud', text('true')], ['wait', text('250')],
      ['seeds', text('a:1, b:2')],
      ['key', text('pw')],
    ]))
    expect(problems).to.deep.equal([])
    expect(values).to.deep.include({ url: '12', port: 80, loud: true, wait: 250, seeds: ['a:1', 'b:2'] })
    expect(values.key).to.be.instanceOf(Secret)
  })

  it('does not guess: text that is no boolean is not true', () => {
    read(new Map<string, Value>([['url', 'u'], ['loud', new Text('abc', 'CAXTON_X')]]))
    expect(problems.map(({ message }) => message))
      .to.deep.equal(['plugins.x.loud: expected true or false, found "abc" (set by CAXTON_X)'])
  })

  it('never shows a secret that is wrong', () => {
    const { key } = configSchema({ key: { doc: 'Key.', format: 'secret' } })
    const seen: Problem[] = []
    readTable({ key }, new Map<string, Value>([['key', ['hunter2']]]),
      { path: '', folder: '/', phase: 'configure', problems: seen })
    readTable({ key }, new Map<string, Value>([['key', 12345]]),
      { path: '', folder: '/', phase: 'configure', problems: seen })
    expect(JSON.stringify(seen)).not.to.contain('hunter2').and.not.to.contain('12345')
    expect(seen).to.have.lengthOf(2)
  })

  it('refuses tables, lists and dates where a value belongs, and values where a table belongs', () => {
    readToml('url = "u"\nport = [1]\nloud = 1979-05-27\ntools = 3\nseeds = "a:1"\n[mode]\nx = 1')
    expect(problems.map(({ message }) => message.replace('plugins.x.', ''))).to.deep.equal([
      'port: expected a port from 0 to 65535, found a list',
      'mode: expected one of "fast", "safe", found a table',
      'loud: expected true or false, found a date',
      'seeds: expected a list, each an address such as "db.example.test:5432" or "[::1]:5432"; found text',
      'tools: expected a table of tables, found a number',
    ])
  })

  it('gives a map no prototype, so that no name is in it which nobody wrote', () => {
    const { tools } = readToml('url = "u"')
    expect(tools.toString).to.equal(undefined)
  })

  it('never throws, whatever values stand in it', () => {
    const value: fc.Arbitrary<Value> = fc.oneof(fc.string(), fc.double(), fc.boolean(), fc.array(fc.string()),
      fc.string().map(text => new Text(text, 'X')), fc.constant(new Map([['a', 1]])), fc.constant(new Date(0)))
    fc.assert(fc.property(fc.constantFrom(...Object.keys(schema)), value, (key, given) => {
      problems = []
      read(new Map<string, Value>([['url', 'u'], [key, given]]))
    }), { numRuns: 300 })
  })
})
