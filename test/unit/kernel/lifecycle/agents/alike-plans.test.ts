import { expect } from 'chai'
import type { AgentPlan } from '../../../../../kernel/lifecycle/agents/agent-record.js'
import { AlikePlans } from '../../../../../kernel/lifecycle/agents/alike-plans.js'

const plan = (name: string, module: string, memoryBytes = 65_536): AgentPlan => ({
  name, module, signature: undefined, permissions: ['log', 'send'], granted: ['log', 'send'],
  limits: { memoryBytes, fuelPerMessage: 1, fuelPerStart: 2, messageBytes: 3 },
  mailboxMessages: 4, messageRate: 5, logLines: 6, configuration: new Uint8Array(0), delivery: 'at-most-once', deployedAt: 8, version: 9,
  claim: 10, group: undefined, wish: { strategy: 'spread' },
})

describe('plans that are alike', () => {
  it('share what they say alike, and keep what is their own', () => {
    const plans = new AlikePlans()
    const first = plans.share(plan('one', 'm'))
    const second = plans.share(plan('two', 'm'))
    expect(second).to.deep.equal(plan('two', 'm'))
    const parts = ['permissions', 'granted', 'limits', 'configuration', 'wish'] as const
    for (const part of parts) expect(second[part], part).to.equal(first[part])
  })

  it('share nothing with those of another module or other limits', () => {
    const plans = new AlikePlans()
    const first = plans.share(plan('one', 'm'))
    for (const other of [plan('two', 'n'), plan('three', 'm', 131_072)]) {
      const shared = plans.share(other)
      expect(shared).to.deep.equal(other)
      expect(shared.limits).not.to.equal(first.limits)
    }
  })

  it('have no configuration of their own', () => {
    const plans = new AlikePlans()
    plans.share(plan('one', 'm'))
    const own = { ...plan('two', 'm'), configuration: Uint8Array.of(7) }
    expect(plans.share(own)).to.equal(own)
  })

  it('are remembered up to a bound', () => {
    const plans = new AlikePlans()
    const first = plans.share(plan('one', 'm'))
    for (let kind = 0; kind < 255; kind++) plans.share(plan('other', `m${kind}`))
    expect(plans.share(plan('two', 'm')).limits).to.equal(first.limits)
    plans.share(plan('other', 'one more'))
    expect(plans.share(plan('three', 'm')).limits).not.to.equal(first.limits)
  })
})
