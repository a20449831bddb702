import { expect } from 'chai'
import { kernelCommands } from '../../../../../kernel/command/commands/kernel-commands.js'
import { commandProblems, errorProblems } from '../../../../../kernel/command/index/index-rules.js'
import type { Command } from '../../../../../kernel/contract/index.js'

const good: Command = { path: ['probe', 'run'], summary: 'Probes.', examples: [{ type: 'caxton probe run', does: 'Probes.' }], module: 'x' }
const problemOf = (change: Partial<Command>): string => commandProblems([{ ...good, ...change }]).join('; ')

describe('index-rules', () => {
  it('finds nothing wrong with the kernel\'s own commands', () => {
    expect(commandProblems(kernelCommands)).to.deep.equal([])
  })

  it('names every way in which a command breaks the rules', () => {
    expect(problemOf({ path: ['Probe'] })).to.include('not lower case')
    expect(problemOf({ examples: [] })).to.include('needs a summary and an example')
    expect(problemOf({ options: [{ name: 'a', doc: '' }, { name: 'a', doc: '' }] })).to.include('two options of one name')
    expect(problemOf({ options: [{ name: 'a', short: 'x', doc: '' }, { name: 'b', short: 'x', doc: '' }] })).to.include('of one letter')
    expect(problemOf({ options: [{ name: 'help', doc: '' }] })).to.include('name it can\'t have')
    expect(problemOf({ options: [{ name: 'a', short: '5', doc: '' }] })).to.include('no letter')
    expect(problemOf({ options: [{ name: 'a', value: 'file', doc: '' }] })).to.include('lower case')
    expect(problemOf({ arguments: [{ name: 'A', doc: '', repeatable: true }, { name: 'B', doc: '' }] })).to.include('not the last')
    expect(problemOf({ arguments: [{ name: 'A', doc: '' }, { name: 'B', doc: '', required: true }] })).to.include('after an optional one')
  })

  it('refuses two commands of one name, and a command that is a group too', () => {
    expect(commandProblems([good, good])).to.deep.equal(['several commands are called `probe run`'])
    expect(commandProblems([good, { ...good, path: ['probe'] }])).to.deep.equal(['`probe` is a command and a group'])
  })

  it('refuses an error code that two parts declare, and one without a remedy', () => {
    const entry = { code: 'A_B', kind: 'invalid', meaning: 'm', remedy: 'r' } as const
    expect(errorProblems([{ ...entry, from: 'kernel' }, { ...entry, from: 'x' }]))
      .to.deep.equal(['error A_B is declared more than once, by kernel, x'])
    expect(errorProblems([{ ...entry, remedy: '', from: 'x' }]))
      .to.deep.equal(['error A_B needs an upper-case code, a meaning and a remedy'])
  })
})
