import { expect } from 'chai'
import type { AgentBirth } from '../../../../../kernel/lifecycle/shards/shard-control.js'
import { ShardModules } from '../../../../../kernel/lifecycle/shards/shard-modules.js'

/** A birth as it arrives: nothing in it is shared with another. */
const arrived = (name: string, more: Partial<AgentBirth> = {}): AgentBirth => structuredClone({
  handle: 1, generation: 1, slot: 0, name, module: 'key',
  limits: { memoryBytes: 65_536, fuelPerMessage: 1_000, fuelPerStart: 1_000, messageBytes: 1_024 },
  granted: ['send', 'log'], mailboxMessages: 8, configuration: new Uint8Array(0), state: undefined, stateVersion: 1,
  isShadow: false, timers: [], scopes: undefined, messageRate: 0, logLines: 100, ...more,
})

describe('the modules of a shard', () => {
  it('keep once what all agents of a module have in common', () => {
    const modules = new ShardModules()
    modules.add('key', 'artefact')
    const [one, other] = [modules.settled(arrived('one')), modules.settled(arrived('other'))]
    expect(other.limits).to.equal(one.limits)
    expect(other.granted).to.equal(one.granted)
    expect(other.configuration).to.equal(one.configuration)
    expect([one.name, other.name]).to.deep.equal(['one', 'other'])
    expect(modules.artefact('key')).to.equal('artefact')
  })

  it('keep apart what differs', () => {
    const modules = new ShardModules()
    modules.add('key', 'artefact')
    modules.add('narrow', 'artefact')
    const limits = { memoryBytes: 65_536, fuelPerMessage: 1, fuelPerStart: 1, messageBytes: 1 }
    const one = modules.settled(arrived('one', { configuration: Uint8Array.of(1) }))
    const other = modules.settled(arrived('other', { module: 'narrow', limits, granted: ['send'], configuration: Uint8Array.of(2) }))
    expect(one.limits.messageBytes).to.equal(1_024)
    expect(other).to.deep.include({ limits, granted: ['send'] })
    expect([one.configuration, other.configuration]).to.deep.equal([Uint8Array.of(1), Uint8Array.of(2)])
  })

  it('let go of a saved state, which only a birth needs', () => {
    const modules = new ShardModules()
    modules.add('key', 'artefact')
    expect(modules.settled(arrived('one', { state: Uint8Array.of(7) })).state).to.equal(undefined)
  })

  it('forget a module', () => {
    const modules = new ShardModules()
    modules.add('key', 'artefact')
    modules.forget('key')
    expect(modules.artefact('key')).to.equal(undefined)
    expect(modules.settled(arrived('one')).limits.messageBytes).to.equal(1_024)
  })
})
