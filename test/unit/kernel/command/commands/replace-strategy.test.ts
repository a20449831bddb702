import { expect } from 'chai'
import type { CommandInput } from '../../../../../kernel/contract/index.js'
import { ReplaceStrategy } from '../../../../../kernel/contract/index.js'
import { replacingOf } from '../../../../../kernel/command/commands/replace-strategy.js'

describe('how `caxton agents deploy` replaces an agent', () => {
  const input = (options: CommandInput['options']): CommandInput => ({ arguments: {}, options })
  const codeOf = (options: CommandInput['options']): unknown => {
    try {
      return replacingOf(input(options))
    } catch (error) {
      return error instanceof Error && 'code' in error ? error.code : error
    }
  }

  it('is graceful unless something else is said, and leaves the time to the server', () => {
    expect(replacingOf(input({ replace: true }))).to.deep.equal({
      replace: true, strategy: ReplaceStrategy.GRACEFUL, drainMilliseconds: 0,
    })
    expect(replacingOf(input({ replace: true, strategy: ['immediate'] }))).to.include({ strategy: ReplaceStrategy.IMMEDIATE })
    expect(replacingOf(input({ replace: true, drain: ['0s'] }))).to.include({ drainMilliseconds: 1 })
  })

  it('refuses what has no meaning, and strategies that there are not', () => {
    expect(codeOf({ strategy: ['immediate'] })).to.equal('COMMAND_OPTION_MISUSED')
    expect(codeOf({ drain: ['5s'] })).to.equal('COMMAND_OPTION_MISUSED')
    expect(codeOf({ replace: true, strategy: ['immediate'], drain: ['5s'] })).to.equal('COMMAND_OPTION_MISUSED')
    for (const word of ['gracefull', 'toString', '']) expect(codeOf({ replace: true, strategy: [word] })).to.equal('COMMAND_VALUE_INVALID')
  })
})
