import { expect } from 'chai'
import type { Problem } from '../../../../../kernel/lifecycle/configuration/problem.js'
import { Text, type Table, type Value } from '../../../../../kernel/lifecycle/configuration/table.js'
import { substituteVariables } from '../../../../../kernel/lifecycle/configuration/variables.js'

describe('variables in the configuration file', () => {
  const environment = { HOST: 'db.test', EMPTY: '', TRICK: '${HOST}' }
  const read = (file: string) => file === 'key.txt' ? { text: 's3cret ${HOST}' } : { file, reason: 'ENOENT' }
  let problems: Problem[]

  beforeEach(() => { problems = [] })

  function filled (value: Value): Value | undefined {
    return substituteVariables(new Map([['key', value]]), environment, read, problems).get('key')
  }

  const text = (value: Value | undefined): string | undefined => value instanceof Text ? value.text : undefined

  it('are filled in, several in one text', () => {
    expect(text(filled('a-${HOST}-${HOST}'))).to.equal('a-db.test-db.test')
    expect(problems).to.deep.equal([])
  })

  it('take their default when they are missing or empty', () => {
    expect(text(filled('${NOPE:-5s}'))).to.equal('5s')
    expect(text(filled('${EMPTY:-5s}'))).to.equal('5s')
    expect(text(filled('${NOPE:-}'))).to.equal('')
  })

  it('are empty when they are set to nothing and have no default', () => {
    expect(text(filled('x${EMPTY}'))).to.equal('x')
  })

  it('are a problem with the path of their key when they are missing without default', () => {
    const list = filled(['${HOST}', '${NOPE}'])
    expect(problems.map(({ code, path }) => [code, path])).to.deep.equal([['CONFIG_VARIABLE_MISSING', 'key[1]']])
    expect(list).to.have.lengthOf(2)
  })

  it('are what a file holds, as it stands there, and no message shows it', () => {
    const value = filled('a ${file:key.txt}')
    expect(value).to.deep.equal(new Text('a s3cret ${HOST}', '${file:key.txt}', false, true))
    expect(problems).to.deep.equal([])
  })

  it('are a problem with the path of their key when their file can not be read', () => {
    expect(filled('${file:none.txt}')).to.have.property('broken', true)
    expect(problems.map(({ code, path }) => [code, path])).to.deep.equal([['CONFIG_VALUE_FILE_UNREADABLE', 'key']])
  })

  it('are found in tables inside tables', () => {
    const table: Table = new Map([['inner', new Map([['deep', '${HOST}']])]])
    const inner = filled(table)
    expect(inner).to.be.instanceOf(Map)
    expect(problems).to.deep.equal([])
  })

  it('are not looked for in what another variable brought', () => {
    expect(text(filled('${TRICK}'))).to.equal('${HOST}')
  })

  it('may be written literally with a second dollar', () => {
    expect(filled('$${HOST}')).to.equal('${HOST}')
  })

  it('are a problem when they are malformed', () => {
    for (const broken of ['${', '${1A}', '${HOST', '${HOST:-{}}', '${a b}']) {
      problems = []
      filled(broken)
      expect(problems.map(({ code }) => code), broken).to.deep.equal(['CONFIG_VARIABLE_MALFORMED'])
    }
  })

  it('leave text without a variable as it is', () => {
    expect(filled('cost: 5$ {x}')).to.equal('cost: 5$ {x}')
  })

  it('do not see what objects inherit', () => {
    filled('${constructor}')
    expect(problems.map(({ code }) => code)).to.deep.equal(['CONFIG_VARIABLE_MISSING'])
  })
})
