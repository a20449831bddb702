import { create } from '@bufbuild/protobuf'
import { expect } from 'chai'
import fc from 'fast-check'
import { DeadLetterFilterSchema, isCaxtonError, type DeadLetterFilter } from '../../../../../kernel/contract/index.js'
import { ANY, choiceOf, deliberateChoiceOf, pageOf, pageText } from '../../../../../kernel/routing/dead-letters/letter-choice.js'

const filter = (more: Partial<DeadLetterFilter> = {}): DeadLetterFilter => ({ ...create(DeadLetterFilterSchema), ...more })
const ID = '00019ab4c6d7-00000f'

describe('the choice of dead letters', () => {
  it('is any letter when nothing is said', () => {
    expect(choiceOf(undefined, 5)).to.deep.equal(ANY)
    expect(choiceOf(filter(), 5)).to.deep.equal(ANY)
  })

  it('takes an age for a time', () => {
    expect(choiceOf(filter({ olderThanMilliseconds: 400n }), 1_000).before).to.equal(600)
    expect(choiceOf(filter({ olderThanMilliseconds: 2n ** 64n - 1n }), 1_000).before).to.equal(0)
  })

  it('names what is wrong', () => {
    expect(() => choiceOf(filter({ reason: 'BAD_LUCK' }), 0)).to.throw('reason')
    expect(() => choiceOf(filter({ ids: ['1'] }), 0)).to.throw('id')
    expect(() => choiceOf(filter({ ids: new Array<string>(101).fill(ID) }), 0)).to.throw('100')
    expect(() => pageOf('x')).to.throw('page')
  })

  it('means all letters only for who says so', () => {
    expect(() => deliberateChoiceOf(filter(), false, 0)).to.throw('say so')
    expect(() => deliberateChoiceOf(undefined, false, 0)).to.throw('say so')
    expect(deliberateChoiceOf(filter(), true, 0)).to.deep.equal(ANY)
    for (const one of [{ ids: [ID] }, { agent: 'a' }, { reason: 'MAILBOX_FULL' }, { olderThanMilliseconds: 1n }]) {
      expect(() => deliberateChoiceOf(filter(one), false, 10)).not.to.throw()
    }
  })

  it('reads the pages that it wrote', () => {
    expect(pageOf('')).to.equal(undefined)
    expect(pageOf(pageText({ after: ID, last: ID }))).to.deep.equal({ after: ID, last: ID })
  })

  it('throws nothing but declared errors at any text', () => {
    const text = fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^[0-9a-f~-]{0,45}$/))
    const numRuns = process.env['CAXTON_TEST_LONG'] === '1' ? 100_000 : 200
    fc.assert(fc.property(text, fc.bigInt(0n, 2n ** 64n - 1n), (given, age) => {
      for (const read of [
        () => pageOf(given), () => choiceOf(filter({ ids: [given], reason: given, olderThanMilliseconds: age }), 1_000),
        () => choiceOf(filter({ reason: given }), 1_000), () => choiceOf(filter({ agent: given, olderThanMilliseconds: age }), 1_000),
      ]) {
        try {
          read()
        } catch (error) {
          expect(isCaxtonError(error) && error.code).to.equal('DEAD_LETTER_FILTER_INVALID')
        }
      }
    }), { numRuns })
  }).timeout(120_000)
})
