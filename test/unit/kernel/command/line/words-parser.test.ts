import { expect } from 'chai'
import fc from 'fast-check'
import { checkComplete, isOption, parseWords, type Grammar } from '../../../../../kernel/command/line/words-parser.js'

const grammar: Grammar = {
  command: 'caxton try',
  arguments: [{ name: 'FILE', doc: 'A file.', required: true }, { name: 'MORE', doc: 'More.', repeatable: true }],
  options: [
    { name: 'name', short: 'n', value: 'NAME', doc: 'A name.' },
    { name: 'allow', value: 'WORD', doc: 'A word.', repeatable: true },
    { name: 'force', short: 'f', doc: 'A switch.' },
    { name: 'level', value: 'NUMBER', doc: 'A number.', required: true },
  ],
}
const codeOf = (work: () => unknown): unknown => {
  try {
    work()
    return 'no error'
  } catch (error) {
    return error instanceof Error && 'code' in error ? error.code : error
  }
}

describe('words-parser', () => {
  it('reads options before, between and after arguments in every spelling', () => {
    const spellings = [
      ['--name', 'x', 'a', 'b'], ['a', '--name=x', 'b'], ['a', 'b', '-n', 'x'], ['a', '-nx', 'b'],
    ]
    for (const words of spellings) {
      expect(parseWords(words, grammar)).to.deep.equal({ arguments: { FILE: ['a'], MORE: ['b'] }, options: { name: ['x'] } })
    }
  })

  it('takes everything after -- as arguments', () => {
    expect(parseWords(['--', '--name', '-f', '--'], grammar).arguments).to.deep.equal({ FILE: ['--name'], MORE: ['-f', '--'] })
  })

  it('takes negative numbers and a lone dash as values and arguments', () => {
    expect(parseWords(['-5', '--level', '-1.5', '--name', '-', '-.5'], grammar)).to.deep.equal({
      arguments: { FILE: ['-5'], MORE: ['-.5'] }, options: { level: ['-1.5'], name: ['-'] },
    })
  })

  it('keeps an empty value and everything behind the first equals sign', () => {
    expect(parseWords(['--name=', '--allow=a=b', '--allow', ''], grammar).options).to.deep.equal({ name: [''], allow: ['a=b', ''] })
  })

  it('refuses an option as the value of another and says how to write it', () => {
    expect(() => parseWords(['--name', '--force'], grammar)).to.throw('write it as `--name=--force`')
  })

  it('refuses what the grammar does not have', () => {
    expect(codeOf(() => parseWords(['--bogus'], grammar))).to.equal('COMMAND_OPTION_UNKNOWN')
    expect(codeOf(() => parseWords(['-x'], grammar))).to.equal('COMMAND_OPTION_UNKNOWN')
    expect(codeOf(() => parseWords(['-fn'], grammar))).to.equal('COMMAND_OPTION_UNKNOWN')
    expect(codeOf(() => parseWords(['--force=yes'], grammar))).to.equal('COMMAND_OPTION_MISUSED')
    expect(codeOf(() => parseWords(['--name'], grammar))).to.equal('COMMAND_OPTION_MISUSED')
    expect(codeOf(() => parseWords(['--name', 'a', '--name', 'b'], grammar))).to.equal('COMMAND_OPTION_MISUSED')
    expect(codeOf(() => parseWords(['a'], { ...grammar, arguments: [] }))).to.equal('COMMAND_ARGUMENT_UNEXPECTED')
  })

  it('suggests the option that was meant', () => {
    expect(() => parseWords(['--nmae', 'x'], grammar)).to.throw('did you mean `--name`?')
  })

  it('names the first thing that is missing', () => {
    expect(() => { checkComplete(parseWords([], grammar), grammar) }).to.throw('needs FILE: A file')
    expect(() => { checkComplete(parseWords(['a'], grammar), grammar) }).to.throw('`--level` of `caxton try` must be given')
  })

  it('gives back every value and argument as it was written', () => {
    const value = fc.string().filter(text => !isOption(text))
    fc.assert(fc.property(
      fc.array(value), fc.array(fc.string()), fc.option(fc.string(), { nil: undefined }), fc.array(fc.string()),
      (positional, allow, name, afterwards) => {
        const words = [
          ...positional.flatMap((word, index) => [word, ...allow.slice(index, index + 1).map(text => `--allow=${text}`)]),
          ...allow.slice(positional.length).map(text => `--allow=${text}`),
          ...(name === undefined ? [] : [`--name=${name}`]), '--', ...afterwards,
        ]
        const all = [...positional, ...afterwards]
        expect(parseWords(words, grammar)).to.deep.equal({
          arguments: { ...(all.length > 0 ? { FILE: all.slice(0, 1) } : {}), ...(all.length > 1 ? { MORE: all.slice(1) } : {}) },
          options: { ...(allow.length > 0 ? { allow } : {}), ...(name === undefined ? {} : { name: [name] }) },
        })
      }), { numRuns: 300 })
  })

  it('answers any words with a parsed line or a declared error of kind invalid', () => {
    const known = ['--name', '-n', '--', '-', '--force', '-f', '--allow=', '--level', '-5', '--__proto__', '--constructor']
    const word = fc.oneof(fc.string(), fc.constantFrom(...known))
    fc.assert(fc.property(fc.array(word), words => {
      try {
        checkComplete(parseWords(words, grammar), grammar)
      } catch (error) {
        expect(error).to.include({ name: 'CaxtonError', kind: 'invalid' })
      }
    }), { numRuns: 500 })
  })
})
