import { expect } from 'chai'
import fc from 'fast-check'
import { paintAnsi, paintNothing } from '../../../../../kernel/command/terminal/colours.js'
import { recordLines, tableLines } from '../../../../../kernel/command/terminal/table-layout.js'
import { textWidth } from '../../../../../kernel/command/terminal/text-width.js'
import { anyText } from '../../../../support/command/any-text.js'

const columns = [
  { heading: 'NAME', text: (row: readonly string[]) => row[0] ?? '' },
  { heading: 'STATE', text: (row: readonly string[]) => row[1] ?? '' },
  { heading: 'COUNT', text: (row: readonly string[]) => row[2] ?? '', right: true },
]
const withoutColour = (line: string): string => line.replace(/\x1b\[\d+m/g, '')

describe('table-layout', () => {
  it('aligns columns, numbers to the right', () => {
    expect(tableLines([['echo', 'running', '7'], ['counter', 'failed', '1234']], columns, 80, paintNothing)).to.deep.equal([
      'NAME     STATE    COUNT',
      'echo     running      7',
      'counter  failed    1234',
    ])
  })

  it('cuts the widest text column and no number', () => {
    const [, line] = tableLines([['a'.repeat(200), 'running', '123456789']], columns, 40, paintNothing)
    expect(line).to.equal(`${'a'.repeat(19)}…  running  123456789`)
  })

  it('shows the same with colours as without', () => {
    const rows = [['echo', 'running', '7'], ['counter', 'failed', '1234']]
    const coloured = tableLines(rows, columns, 80, paintAnsi)
    expect(coloured.map(withoutColour)).to.deep.equal(tableLines(rows, columns, 80, paintNothing))
    expect(coloured[1]).to.include('\x1b[32mrunning\x1b[0m')
    expect(coloured[2]).to.include('\x1b[31mfailed\x1b[0m')
  })

  it('never obeys what a cell holds', () => {
    const [, line] = tableLines([['a\x1b[2Jb\nc\u202ed', 'x', '1']], columns, 80, paintNothing)
    expect(line).to.equal('a\\u001b[2Jb\\nc\\u202ed  x          1')
  })

  it('fits every table into the width', () => {
    const cell = anyText(40)
    fc.assert(fc.property(fc.array(fc.tuple(cell, cell, cell), { maxLength: 5 }), fc.integer({ min: 20, max: 100 }), (rows, width) => {
      for (const line of tableLines(rows, columns, width, paintNothing)) expect(textWidth(line)).to.be.at.most(width)
    }), { numRuns: 200 })
  })

  it('wraps the values of a record beside their names', () => {
    expect(recordLines([['name', 'echo'], ['reason', 'one two three four five six seven']], 30, paintNothing)).to.deep.equal([
      'name    echo',
      'reason  one two three four',
      '        five six seven',
    ])
  })
})
