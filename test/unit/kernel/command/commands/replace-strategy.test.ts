import { expect } from 'chai'
import type { CommandInput } from '../../../../../kernel/contract/index.js'
import { ReplaceStrategy } from '../../../../../kernel/contract/index.js'
import { replacingOf } from '../../../../../kernel/command/commands/replace-strategy.js'

describe('how `caxton agents deploy` replaces an agent', () => {
  const input = (options: CommandInput['options']): CommandInput => ({ arguments: {}, options })
  const DEFAULTS = { percent: 0, errorPercent: 0, p99Milliseconds: 0, windowMilliseconds: 0, lingerMilliseconds: 0 }
  const codeOf = (options: CommandInput['options']): unknown => {
    try {
      return replacingOf(input(options))
    } catch (error) {
      return error instanceof Error && 'code' in error ? error.code : error
    }
  }

  it('is graceful unless something else is said, and leaves the time to the server', () => {
    expect(replacingOf(input({ replace: true }))).to.deep.equal({
      replace: true, strategy: ReplaceStrategy.GRACEFUL, drainMilliseconds: 0, rollout: DEFAULTS,
    })
    expect(replacingOf(input({ replace: true, strategy: ['immediate'] }))).to.include({ strategy: ReplaceStrategy.IMMEDIATE })
    expect(replacingOf(input({ replace: true, drain: ['0s'] }))).to.include({ drainMilliseconds: 1 })
  })

  it('takes the terms of a canary', () => {
    const options = {
      'replace': true, 'strategy': ['canary'], 'share': ['5%'],
      'max-errors': ['2.5%'], 'max-p99': ['20ms'], 'window': ['30s'], 'linger': ['1h'],
    } as const
    expect(replacingOf(input(options))).to.deep.include({
      strategy: ReplaceStrategy.CANARY,
      rollout: { percent: 5, errorPercent: 2.5, p99Milliseconds: 20, windowMilliseconds: 30_000, lingerMilliseconds: 3_600_000 },
    })
    for (const share of ['0', '100', 'x', '-1']) expect(codeOf({ ...options, share: [share] })).to.equal('COMMAND_VALUE_INVALID')
    for (const errors of ['0', '101', 'x', '1e1']) expect(codeOf({ ...options, 'max-errors': [errors] })).to.equal('COMMAND_VALUE_INVALID')
  })

  it('refuses the terms of a canary for another strategy', () => {
    for (const name of ['share', 'max-errors', 'max-p99', 'window']) {
      expect(codeOf({ replace: true, strategy: ['shadow'], [name]: ['5'] })).to.equal('COMMAND_OPTION_MISUSED')
    }
    expect(codeOf({ replace: true, linger: ['5s'] })).to.equal('COMMAND_OPTION_MISUSED')
    expect(replacingOf(input({ replace: true, strategy: ['blue-green'], linger: ['5s'] })).rollout.lingerMilliseconds).to.equal(5_000)
  })

  it('refuses what has no meaning, and strategies that there are not', () => {
    expect(codeOf({ strategy: ['immediate'] })).to.equal('COMMAND_OPTION_MISUSED')
    expect(codeOf({ drain: ['5s'] })).to.equal('COMMAND_OPTION_MISUSED')
    expect(codeOf({ replace: true, strategy: ['immediate'], drain: ['5s'] })).to.equal('COMMAND_OPTION_MISUSED')
    for (const word of ['gracefull', 'toString', '']) expect(codeOf({ replace: true, strategy: [word] })).to.equal('COMMAND_VALUE_INVALID')
  })
})
