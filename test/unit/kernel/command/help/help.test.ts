import { expect } from 'chai'
import { helpText } from '../../../../../kernel/command/help/program-help.js'
import { paintNothing } from '../../../../../kernel/command/terminal/colours.js'
import { textWidth } from '../../../../../kernel/command/terminal/text-width.js'
import { kernelIndex } from '../../../../support/command/run-command.js'

const help = (...path: string[]): string => helpText(kernelIndex, path, paintNothing)
const groups = [...new Set(kernelIndex.commands.map(({ path }) => path[0] ?? ''))]
const everyHelp = [[], ...groups.map(group => [group]), ...kernelIndex.commands.map(({ path }) => [...path]), ['exit-codes'], ['output']]

describe('help', () => {
  it('fits into 80 columns at every level', () => {
    for (const path of everyHelp) {
      for (const line of help(...path).split('\n')) expect(textWidth(line), `${path.join(' ')}: ${line}`).to.be.at.most(80)
    }
  })

  it('shows examples before anything else that can be typed', () => {
    for (const { path, examples } of kernelIndex.commands) {
      const text = help(...path)
      for (const { type } of examples) expect(text.indexOf(type), type).to.be.within(0, text.indexOf('\nUsage\n'))
    }
    for (const path of [[], ['agents']]) expect(help(...path).indexOf('Examples')).to.be.within(0, help(...path).indexOf('Commands'))
  })

  it('lists every command of the program and of a group with its summary', () => {
    for (const { path, summary } of kernelIndex.commands) {
      for (const text of [help(), ...(path.length > 1 ? [help(path[0] ?? '')] : [])]) {
        expect(text).to.include(path.join(' '))
        expect(text.replace(/\s+/g, ' ')).to.include(summary)
      }
    }
  })

  it('names every option and argument of a command, and the other word for it', () => {
    const text = help('agents', 'deploy')
    for (const part of ['-n, --name NAME', '--replace', '--server ADDRESS', 'FILE', 'caxton deploy is the same', 'May be repeated.']) {
      expect(text).to.include(part)
    }
  })

  it('shows options that must be given where the command is typed', () => {
    const options = [{ name: 'at', value: 'PRICE', doc: 'The price.', required: true }]
    const bid = { path: ['auction', 'bid'], summary: 'Bids.', options, examples: [], module: '', from: 'auction' }
    expect(helpText({ ...kernelIndex, commands: [bid] }, ['auction', 'bid'], paintNothing)).to.include('caxton auction bid --at PRICE')
    expect(help('message', 'send')).to.include('caxton message send [options]')
  })

  it('puts the groups of plugins behind those of the kernel', () => {
    const examples = [{ type: 'caxton auction open', does: 'Opens.' }]
    const stranger = { path: ['auction', 'open'], summary: 'Opens.', examples, module: '', from: 'auction' }
    const text = helpText({ ...kernelIndex, commands: [stranger, ...kernelIndex.commands] }, [], paintNothing)
    expect(text.indexOf('auction open')).to.be.greaterThan(text.indexOf('completion '))
  })
})
