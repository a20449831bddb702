import { existsSync } from 'node:fs'
import path from 'node:path'
import { expect } from 'chai'
import { readCommandIndex, readErrorIndex, type IndexedCommand } from '../../../kernel/command/index/command-index.js'
import { readCommandLine } from '../../../kernel/command/line/command-line.js'
import { isCaxtonError } from '../../../kernel/contract/index.js'
import { blocksOf, markdownFiles, REPOSITORY, textOf, typedLines } from '../../support/docs/markdown.js'
import { anchorsOf, inlineCommands, linksOf, wordsOf } from '../../support/docs/references.js'

/** Codes that what is only named, and not typed as a whole, may be refused with. */
const UNFINISHED = new Set(['COMMAND_ARGUMENT_MISSING', 'COMMAND_OPTION_MISUSED'])
/** The command of the example plugin, which authoring-examples.test.ts runs. */
const EXAMPLE = /^maintenance\b/
const PROGRAM = /^(?:npx |ExecStart=\S*\/)?caxton(?:\.js)? /
/** Words in capitals that are no error codes: variables of the environment. */
const NO_CODES = /^(CAXTON|NODE)_|_TOKEN$/

describe('The documents', () => {
  const files = markdownFiles()
  let commands: readonly IndexedCommand[]
  let codes: ReadonlySet<string>

  before(async () => {
    commands = (await readCommandIndex()).commands
    codes = new Set((await readErrorIndex()).map(({ code }) => code))
  })

  /** Why the program would not take a line, if so. */
  function refusalOf (line: string): string | undefined {
    try {
      readCommandLine(wordsOf(line), commands)
      return undefined
    } catch (error) {
      if (isCaxtonError(error)) return error.code
      throw error
    }
  }

  it('are linked with one another by links that lead somewhere', () => {
    const broken = files.flatMap(file => linksOf(textOf(file)).flatMap(link => {
      const [target = '', anchor] = link.split('#')
      const there = target === '' ? file : path.join(path.dirname(file), decodeURI(target))
      if (!existsSync(path.join(REPOSITORY, there))) return [`${file}: ${link}`]
      const isThere = anchor === undefined || !there.endsWith('.md') || anchorsOf(textOf(there)).has(anchor)
      return isThere ? [] : [`${file}: ${link} (no such heading)`]
    }))
    expect(broken).to.deep.equal([])
  })

  it('are all reachable from README.md and docs/README.md', () => {
    const linked = new Set(['README.md', 'docs/README.md'].flatMap(file => linksOf(textOf(file))
      .map(link => path.normalize(path.join(path.dirname(file), link.split('#')[0] ?? '')))))
    const pages = files.filter(file => /^docs\/[^/]+\.md$|^plugins\/[^/]+\.md$|^kernel\/[^/]+\.md$/.test(file))
    expect(pages.filter(page => page !== 'docs/README.md' && page !== 'kernel/README.md' && !linked.has(page))).to.deep.equal([])
  })

  it('show only command lines that the program takes', () => {
    const shown = files.flatMap(file => {
      const blocks = blocksOf(textOf(file)).filter(({ language }) => language === 'ini').flatMap(({ text }) => text.split('\n'))
      return [...typedLines(textOf(file)), ...blocks].filter(line => PROGRAM.test(line))
        .map(line => ({ file, line: line.replace(PROGRAM, '') })).filter(({ line }) => !EXAMPLE.test(line))
    })
    expect(shown).to.have.length.above(40)
    expect(shown.filter(({ line }) => refusalOf(line) !== undefined)).to.deep.equal([])
  })

  it('name only commands and options that there are', () => {
    const unknown = files.flatMap(file => inlineCommands(textOf(file)).filter(line => !EXAMPLE.test(line)).flatMap(line => {
      const refusal = refusalOf(line)
      return refusal === undefined || UNFINISHED.has(refusal) ? [] : [`${file}: ${line} ${refusal}`]
    }))
    expect(unknown).to.deep.equal([])
  })

  it('name only error codes that can be explained', () => {
    const named = ['docs/operating.md', 'docs/messages.md', 'docs/delivery.md', 'plugins/AUTHORING.md'].flatMap(file =>
      [...textOf(file).matchAll(/`([A-Z]+_[A-Z_]+)`/g)].map(([, code = '']) => code))
    expect(named).to.have.length.above(20)
    expect(named.filter(code => !NO_CODES.test(code) && !codes.has(code))).to.deep.equal([])
  })
})
