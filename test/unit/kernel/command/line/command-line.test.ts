import { expect } from 'chai'
import fc from 'fast-check'
import { kernelCommands } from '../../../../../kernel/command/commands/kernel-commands.js'
import { readCommandLine } from '../../../../../kernel/command/line/command-line.js'

const read = (line: string) => readCommandLine(line === '' ? [] : line.split(' '), kernelCommands)
const pathOf = (line: string): string => {
  const result = read(line)
  return result.kind === 'run' ? result.command.path.join(' ') : result.kind
}

describe('command-line', () => {
  it('finds commands by their names and by the other words for them', () => {
    expect(pathOf('agents inspect echo')).to.equal('agents inspect')
    expect(pathOf('agent inspect echo')).to.equal('agents inspect')
    expect(pathOf('deploy echo.wasm')).to.equal('agents deploy')
    expect(pathOf('messages watch')).to.equal('message watch')
    expect(pathOf('plugin list')).to.equal('plugins list')
    expect(pathOf('metrics')).to.equal('metrics')
  })

  it('takes the options of the program before, within and after a command', () => {
    for (const line of ['-o json agents list', 'agents -o json list', 'agents list -o json', '--output=json agents list']) {
      expect(read(line)).to.deep.include({ kind: 'run', program: { output: ['json'] } })
    }
  })

  it('leaves an option that the command has itself to the command', () => {
    const result = read('--config caxton.toml agents deploy echo.wasm --config echo.json')
    expect(result).to.deep.include({ program: { config: ['caxton.toml'] } })
    expect(result.kind === 'run' && result.input.options).to.deep.equal({ config: ['echo.json'] })
  })

  it('shows help where it is asked for, also when something required is missing', () => {
    expect(read('')).to.deep.include({ kind: 'help', path: [] })
    expect(read('agents')).to.deep.include({ kind: 'help', path: ['agents'] })
    expect(read('agents help')).to.deep.include({ kind: 'help', path: ['agents'] })
    expect(read('agents deploy --help')).to.deep.include({ kind: 'help', path: ['agents', 'deploy'] })
    expect(read('--help agents deploy')).to.deep.include({ kind: 'help', path: ['agents', 'deploy'] })
    expect(read('help deploy')).to.deep.include({ kind: 'help', path: ['agents', 'deploy'] })
    expect(read('help exit-codes')).to.deep.include({ kind: 'help', path: ['exit-codes'] })
  })

  it('tells the version wherever it is asked for', () => {
    expect(pathOf('version')).to.equal('version')
    expect(pathOf('--version')).to.equal('version')
    expect(pathOf('agents list --version')).to.equal('version')
  })

  it('suggests what was meant, also across groups', () => {
    expect(() => read('agnets list')).to.throw('did you mean `caxton agents`?')
    expect(() => read('agents lst')).to.throw('did you mean `caxton agents list`?')
    expect(() => read('inspect echo')).to.throw('did you mean `caxton agents inspect`?')
    expect(() => read('help agents isnpect')).to.throw('did you mean `caxton agents inspect`?')
  })

  it('understands every example in the help', () => {
    for (const command of kernelCommands) {
      for (const { type } of command.examples) {
        const line = /caxton (.*?)(?:\)| > .*)?$/.exec(type)?.[1] ?? ''
        const words = [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '')
        const result = readCommandLine(words, kernelCommands)
        expect(result.kind === 'run' && result.command.path, type).to.deep.equal(command.path)
      }
    }
  })

  it('answers any words with a line or a declared error of kind invalid', () => {
    const known = kernelCommands.flatMap(({ path, options = [] }) => [...path, ...options.map(({ name }) => `--${name}`)])
    const word = fc.oneof(fc.constantFrom(...known, 'help', '--help', '-o', '__proto__', 'constructor', 'toString', '--', '-'), fc.string())
    fc.assert(fc.property(fc.array(word, { maxLength: 6 }), words => {
      try {
        readCommandLine(words, kernelCommands)
      } catch (error) {
        expect(error).to.include({ name: 'CaxtonError', kind: 'invalid' })
      }
    }), { numRuns: 500 })
  })
})
