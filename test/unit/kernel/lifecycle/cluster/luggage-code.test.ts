import { expect } from 'chai'
import type { AgentLuggage } from '../../../../../kernel/lifecycle/agents/agent-moving.js'
import { decodeLuggage, encodeLuggage } from '../../../../../kernel/lifecycle/cluster/luggage-code.js'

const LUGGAGE: AgentLuggage = {
  plan: {
    name: 'clerk', module: 'a'.repeat(64), signature: { key: 'b'.repeat(64), signature: new Uint8Array(64).fill(7) },
    permissions: ['publish:prices.*', 'log'], granted: ['send', 'log'], mailboxMessages: 3, messageRate: 5, logLines: 6,
    limits: { memoryBytes: 65_536, fuelPerMessage: 1_000, fuelPerStart: 1_000, messageBytes: 1_024 },
    configuration: Buffer.from([1, 2]), delivery: 'exactly-once', deployedAt: 4, version: 2, claim: 9,
    group: { name: 'shop', strategy: 'one-for-all', order: 1 }, wish: { strategy: 'spread' },
  },
  module: new Uint8Array([9, 8]), state: { version: 2, bytes: new Uint8Array([5]) }, timers: [[1, 2_000]],
  wanted: true, quarantined: true, heldFor: 'it looks odd',
}

describe('what goes with an agent to another node', () => {
  it('is all that the operator decided: permissions, rates, signature, quarantine', () => {
    expect(decodeLuggage('clerk', encodeLuggage(LUGGAGE))).to.deep.equal(LUGGAGE)
  })

  it('is the same without a signature and a reason', () => {
    const plain = { ...LUGGAGE, plan: { ...LUGGAGE.plan, signature: undefined }, quarantined: false, heldFor: undefined, state: undefined }
    expect(decodeLuggage('clerk', encodeLuggage(plain))).to.deep.equal(plain)
  })
})
