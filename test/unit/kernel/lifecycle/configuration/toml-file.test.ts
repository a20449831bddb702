import { expect } from 'chai'
import fc from 'fast-check'
import type { Problem } from '../../../../../kernel/lifecycle/configuration/problem.js'
import type { Table } from '../../../../../kernel/lifecycle/configuration/table.js'
import { parseToml } from '../../../../../kernel/lifecycle/configuration/toml-file.js'

describe('TOML of the configuration file', () => {
  let problems: Problem[]

  beforeEach(() => { problems = [] })

  const read = (text: string): Table => parseToml(Buffer.from(text), 'x.toml', problems)

  it('becomes tables of values', () => {
    const table = read('[a]\nb = 1\nc = ["x", true]')
    expect(table).to.deep.equal(new Map([['a', new Map<string, unknown>([['b', 1], ['c', ['x', true]]])]]))
    expect(problems).to.deep.equal([])
  })

  it('is reported with line, column and the lines around a mistake', () => {
    read('[a]\nb = 1\nb = = 2\n')
    const [problem] = problems
    expect(problem?.code).to.equal('CONFIG_SYNTAX')
    expect(problem?.message).to.match(/^x\.toml, line 3, column \d+: /)
    expect(problem?.excerpt).to.contain('3:  b = = 2').and.contain('^')
  })

  it('is reported with the line that is not UTF-8', () => {
    parseToml(Buffer.from([0x61, 0x3d, 0x31, 0x0a, 0x23, 0xff, 0x0a]), 'x.toml', problems)
    expect(problems.map(({ message }) => message)).to.deep.equal(
      ['x.toml, line 2, column 1: the file is not UTF-8 from here on'])
  })

  it('may begin with a byte order mark', () => {
    expect([...read('\uFEFFa = 1').keys()]).to.deep.equal(['a'])
  })

  for (const text of [
    '__proto__ = 1', '[__proto__]\npolluted = 1', 'a.__proto__.polluted = 1', 'a = { "__proto__" = { polluted = 1 } }',
    'constructor.prototype.polluted = 1', '[[a]]\n__proto__.polluted = 1',
  ]) {
    it(`can't reach a prototype by ${JSON.stringify(text)}`, () => {
      read(text)
      expect(problems.map(({ code }) => code)).to.deep.equal(['CONFIG_KEY_REFUSED'])
      expect(Object.hasOwn(Object.prototype, 'polluted')).to.equal(false)
    })
  }

  it('never throws, whatever the bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), bytes => {
      parseToml(bytes, 'x.toml', [])
    }), { numRuns: 500 })
    const words = fc.constantFrom('[', ']', '=', '"', "'", '{', '}', '.', ',', '\n', 'a', '1', '__proto__', '#', ' ',
      '\\u', 'nan')
    fc.assert(fc.property(fc.array(words, { maxLength: 40 }), parts => {
      parseToml(Buffer.from(parts.join('')), 'x.toml', [])
    }), { numRuns: 1000 })
  })
})
