import { expect } from 'chai'
import fc from 'fast-check'
import { visible, visibleJson } from '../../../../../kernel/command/terminal/visible-text.js'
import { anyText } from '../../../../support/command/any-text.js'

const OBEYED = /[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/

describe('visible-text', () => {
  it('shows as an escape what a terminal would obey', () => {
    expect(visible('\x1b]0;title\x07 \x9b2J \r\n\t.')).to.equal('\\u001b]0;title\\u0007 \\u009b2J \\r\\n .')
    expect(visible('plain → text')).to.equal('plain → text')
  })

  it('lets no control character through', () => {
    fc.assert(fc.property(anyText(40), text => { expect(OBEYED.test(visible(text))).to.equal(false) }), { numRuns: 300 })
  })

  it('keeps a JSON document the same', () => {
    fc.assert(fc.property(fc.jsonValue(), value => {
      const json = visibleJson(JSON.stringify(value, null, 2))
      expect(JSON.parse(json)).to.deep.equal(JSON.parse(JSON.stringify(value)))
      expect(OBEYED.test(json.replaceAll('\n', ''))).to.equal(false)
    }), { numRuns: 200 })
  })
})
