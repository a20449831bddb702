import { expect } from 'chai'
import { consequence } from '../../../../../kernel/routing/durable/consequence.js'
import { retryDelay } from '../../../../../kernel/routing/durable/retry-rules.js'
import { UNDELIVERABLE } from '../../../../../kernel/routing/undeliverable.js'

const RULES = { retries: 9, delay: 100, delayMax: 1_000 }
const random = (fraction: number): { fraction: () => number, bytes: (count: number) => Uint8Array } =>
  ({ fraction: () => fraction, bytes: count => new Uint8Array(count) })

describe('the wait before a retry', () => {
  it('doubles up to its most', () => {
    expect([1, 2, 3, 4, 5, 50, 2_000].map(attempts => retryDelay(RULES, attempts, random(0.5))))
      .to.deep.equal([100, 200, 400, 800, 1_000, 1_000, 1_000])
  })

  it('is a quarter less or more by chance', () => {
    expect(retryDelay(RULES, 2, random(0))).to.equal(150)
    expect(retryDelay(RULES, 2, random(0.9999))).to.be.closeTo(250, 0.1)
  })
})

describe('what follows from a reason', () => {
  it('is to wait when nobody failed, to give up when it is hopeless, and a try otherwise', () => {
    const having = (wanted: string): string[] => UNDELIVERABLE.filter(reason => consequence(reason) === wanted).sort()
    expect(having('wait')).to.deep.equal(
      [
      'AGENT_MOVED', 'AGENT_NOT_FOUND', 'AGENT_NOT_RUNNING', 'AGENT_RESTARTED', 'MAILBOX_FULL', 'NODE_UNREACHABLE', 'SHARD_BUSY',
      'SHARD_LOST',
    ])
    expect(having('give up')).to.deep.equal(['MESSAGE_EXPIRED', 'MESSAGE_FORBIDDEN', 'MESSAGE_TOO_LARGE'])
    expect(having('try again')).to.include.members(['AGENT_TRAPPED', 'AGENT_REPORTED_FAILURE', 'AGENT_OUT_OF_FUEL'])
  })
})
