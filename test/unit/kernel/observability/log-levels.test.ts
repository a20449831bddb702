import { expect } from 'chai'
import { isCaxtonError } from '../../../../kernel/contract/index.js'
import { Log } from '../../../../kernel/observability/log.js'
import { VirtualClock } from '../../../support/virtual-clock.js'

describe('levels of the log', () => {
  let lines: string[]
  let log: Log
  beforeEach(() => {
    lines = []
    log = new Log({ level: 'info', format: 'json', coloured: false }, { write: line => { lines.push(line) } }, new VirtualClock())
  })

  /** Which levels the logger of a part writes. */
  const written = (part: string): string[] => {
    const logger = log.named(part)
    lines.length = 0
    for (const level of ['debug', 'info', 'warn', 'error'] as const) logger[level]('a line')
    return lines.map(line => (JSON.parse(line) as { level: string }).level)
  }
  const codeOf = (action: () => void): string | undefined => {
    try {
      action()
    } catch (error) {
      return isCaxtonError(error) ? error.code : String(error)
    }
    return undefined
  }

  it('change for one part while it logs, by loggers that were there before and after', () => {
    const before = log.named('store')
    log.named('api')
    log.levels.set('store', 'debug')
    before.debug('a line')
    expect(lines).to.have.length(1)
    expect([written('store'), written('api')]).to.deep.equal([['debug', 'info', 'warn', 'error'], ['info', 'warn', 'error']])
  })

  it('change for all at once, also for parts that come later, and over what was set for one', () => {
    log.named('store')
    log.levels.set('store', 'debug')
    log.levels.set('', 'error')
    expect([written('store'), written('later')]).to.deep.equal([['error'], ['error']])
  })

  it('go back to those of all, and to the configuration', () => {
    log.named('store')
    log.levels.set('', 'error')
    log.levels.set('store', 'warn')
    log.levels.reset('store')
    expect(written('store')).to.deep.equal(['error'])
    log.levels.reset('')
    expect(written('store')).to.deep.equal(['info', 'warn', 'error'])
    expect(log.levels.list()).to.deep.equal([{ part: 'store', level: 'info', changed: false }])
  })

  it('tell what was set', () => {
    for (const part of ['store', 'api']) log.named(part)
    log.levels.set('store', 'debug')
    expect(log.levels.list()).to.deep.equal([
      { part: 'api', level: 'info', changed: false }, { part: 'store', level: 'debug', changed: true },
    ])
  })

  it('are refused for parts and words that nobody knows, which changes nothing', () => {
    log.named('store')
    expect(codeOf(() => log.levels.set('stroe', 'debug'))).to.equal('LOG_PART_UNKNOWN')
    expect(codeOf(() => log.levels.set('store', 'loud'))).to.equal('LOG_LEVEL_UNKNOWN')
    expect(codeOf(() => log.levels.reset('other'))).to.equal('LOG_PART_UNKNOWN')
    expect(written('store')).to.deep.equal(['info', 'warn', 'error'])
  })
})
