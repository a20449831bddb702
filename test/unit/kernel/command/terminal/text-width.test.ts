import { expect } from 'chai'
import fc from 'fast-check'
import { cutText, padText, textWidth, wrapText } from '../../../../../kernel/command/terminal/text-width.js'
import { anyText } from '../../../../support/command/any-text.js'

const text = anyText(30)

describe('text-width', () => {
  it('counts cells, not characters', () => {
    expect(textWidth('abc')).to.equal(3)
    expect(textWidth('日本')).to.equal(4)
    expect(textWidth('e\u0301')).to.equal(1)
    expect(textWidth('😀')).to.equal(2)
    expect(textWidth('→ ·…')).to.equal(4)
  })

  it('cuts a text that is too wide and says so', () => {
    expect(cutText('abcdef', 4)).to.equal('abc…')
    expect(cutText('日本語', 4)).to.equal('日…')
    expect(cutText('abcd', 4)).to.equal('abcd')
  })

  it('never gives more cells than asked for, and leaves what fits alone', () => {
    fc.assert(fc.property(text, fc.nat(30), (whole, width) => {
      const cut = cutText(whole, width)
      expect(textWidth(cut)).to.be.at.most(width)
      if (textWidth(whole) <= width) expect(cut).to.equal(whole)
      else if (width > 0) expect(cut.endsWith('…') && whole.startsWith(cut.slice(0, -1))).to.equal(true)
    }), { numRuns: 300 })
  })

  it('pads to the width on either side', () => {
    expect(padText('日', 4)).to.equal('日  ')
    expect(padText('12', 4, true)).to.equal('  12')
    expect(padText('12345', 4)).to.equal('12345')
  })

  it('wraps at spaces, loses no word, and lets only a single long word be too wide', () => {
    const word = fc.string({ minLength: 1, maxLength: 12 }).filter(text => !text.includes(' '))
    fc.assert(fc.property(fc.array(word, { minLength: 1 }), fc.integer({ min: 1, max: 30 }),
      (words, width) => {
        const lines = wrapText(words.join(' '), width)
        expect(lines.join(' ')).to.equal(words.join(' '))
        for (const line of lines) if (line.includes(' ')) expect(textWidth(line)).to.be.at.most(width)
      }), { numRuns: 200 })
  })
})
