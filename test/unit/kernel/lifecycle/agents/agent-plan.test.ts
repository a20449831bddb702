import { create } from '@bufbuild/protobuf'
import type { MessageInitShape } from '@bufbuild/protobuf'
import { expect } from 'chai'
import { AgentManifestSchema, type AgentLimitsSchema } from '../../../../../kernel/contract/index.js'
import { limitsOf, planOf, samePlan } from '../../../../../kernel/lifecycle/agents/agent-plan.js'
import type { AgentPlan } from '../../../../../kernel/lifecycle/agents/agent-record.js'
import type { AgentsConfiguration } from '../../../../../kernel/lifecycle/configuration/kernel-schema.js'
import { PERMISSION_KINDS, USUAL_PERMISSIONS } from '../../../../../kernel/routing/permissions/permission-words.js'

const KIB = 1024
const MIB = 1024 * KIB
const SETTINGS: AgentsConfiguration = {
  max: 10, shards: 1, memory: 16 * MIB, memory_max: 256 * MIB, fuel_per_message: 2_000_000, fuel_per_start: 100_000_000,
  mailbox_messages: 256,
  mailbox_bytes: MIB, message_size: 64 * KIB, message_size_max: MIB, module_size: 4 * MIB, deploy_timeout: 5_000, strikes: 5,
  strike_window: 10_000, restart_delay: 100, restart_delay_max: 30_000, wall_limit: 1_000, tool_calls: 16, sends_per_message: 256,
  delivery: 'at-most-once', permissions: USUAL_PERMISSIONS, permissions_max: PERMISSION_KINDS, message_rate: 0, message_rate_max: 0,
  policy_file: undefined, require_signed: false, trusted_keys: [], log_lines: 100, log_lines_max: 1_000,
}

type Manifest = MessageInitShape<typeof AgentManifestSchema>

const plan = (manifest: Manifest = {}, settings = SETTINGS, at = 1): AgentPlan =>
  planOf(create(AgentManifestSchema, { name: 'echo', ...manifest }), Buffer.from('module'), settings, at)

function errorOf (manifest: Manifest): unknown {
  try {
    plan(manifest)
    return undefined
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && 'details' in error)) throw error
    return 'setting' in (error.details as object) ? (error.details as { readonly setting: string }).setting : error.code
  }
}

describe('the plan of an agent', () => {
  it('has a way of delivery of its own, or the server\'s', () => {
    expect(plan().delivery).to.equal('at-most-once')
    expect(plan({}, { ...SETTINGS, delivery: 'at-least-once' }).delivery).to.equal('at-least-once')
    expect(plan({ delivery: 'exactly-once' }).delivery).to.equal('exactly-once')
    expect(samePlan(plan({ delivery: 'exactly-once' }), plan())).to.equal(false)
    expect(errorOf({ delivery: 'twice' })).to.equal('delivery')
  })

  it('has the server\'s own limits and the usual permissions where the manifest says nothing', () => {
    expect(plan()).to.deep.include({
      module: '120970d812836f19888625587a4606a5ad23cef31c8684e601771552548fc6b9', mailboxMessages: 256, deployedAt: 1,
      limits: { memoryBytes: 16 * MIB, fuelPerMessage: 2_000_000, fuelPerStart: 100_000_000, messageBytes: 64 * KIB },
    })
    expect(plan().granted).to.include('send').and.not.include('call')
  })

  it('takes the limits that are asked for, memory in whole pages', () => {
    const limits: MessageInitShape<typeof AgentLimitsSchema> = {
      memoryBytes: 100_000n, fuelPerMessage: 5_000n, fuelPerStart: 6_000n, messageBytes: 2_048n, mailboxMessages: 7,
      messagesPerSecond: 8, logLinesPerSecond: 9,
    }
    expect(limitsOf(plan({ limits }))).to.deep.equal({ ...limits, memoryBytes: 65_536n })
  })

  it('never has a limit above the server\'s maximum, even by the server\'s own default', () => {
    const settings = { ...SETTINGS, memory_max: 1 * MIB, message_size_max: 2 * KIB }
    expect(plan({}, settings).limits).to.include({ memoryBytes: MIB, messageBytes: 2 * KIB })
  })

  it('refuses limits that are not possible, and names them', () => {
    expect(errorOf({ limits: { memoryBytes: 65_535n } })).to.equal('memory_bytes')
    expect(errorOf({ limits: { memoryBytes: 2n ** 63n } })).to.equal('memory_bytes')
    expect(errorOf({ limits: { fuelPerMessage: 999n } })).to.equal('fuel_per_message')
    expect(errorOf({ limits: { fuelPerStart: 2_000_000_001n } })).to.equal('fuel_per_start')
    expect(errorOf({ limits: { messageBytes: 1_048_577n } })).to.equal('message_bytes')
    expect(errorOf({ limits: { mailboxMessages: 1_000_001 } })).to.equal('mailbox_messages')
    expect(errorOf({ configuration: new Uint8Array(65_537) })).to.equal('configuration')
    expect(errorOf({ limits: { messagesPerSecond: 1_000_001 } })).to.equal('messages_per_second')
    expect(errorOf({ limits: { logLinesPerSecond: 1_001 } })).to.equal('log_lines_per_second')
  })

  it('refuses names that are none', () => {
    const names = ['', '-a', '.a', 'a b', 'a/b', 'ä', 'a\0', 'a\n', 'a'.repeat(256)]
    for (const name of names) expect(errorOf({ name }), JSON.stringify(name)).to.equal('AGENT_NAME_INVALID')
    for (const name of ['a', '0', 'a.b_c-d', 'a'.repeat(255)]) expect(errorOf({ name })).to.equal(undefined)
  })

  it('is the same whenever it was made, and another when anything differs', () => {
    expect(samePlan(plan({}, SETTINGS, 1), plan({}, SETTINGS, 2))).to.equal(true)
    const others: Manifest[] = [
      { permissions: ['send'] }, { configuration: Uint8Array.of(1) }, { limits: { fuelPerMessage: 5_000n } },
      { limits: { mailboxMessages: 1 } }, { allow: ['send:shop-*'] }, { deny: ['log'] }, { limits: { messagesPerSecond: 1 } },
      { limits: { logLinesPerSecond: 1 } },
    ]
    for (const other of others) expect(samePlan(plan(), plan(other))).to.equal(false)
    expect(samePlan(plan(), planOf(create(AgentManifestSchema, { name: 'echo' }), Buffer.from('other'), SETTINGS, 1))).to.equal(false)
  })

  it('has no rate at which it sends unless the server or its deployment says one, and none above the maximum', () => {
    const [bounded, usual] = [{ ...SETTINGS, message_rate_max: 50 }, { ...SETTINGS, message_rate: 20, message_rate_max: 50 }]
    expect([SETTINGS, bounded, usual].map(settings => plan({}, settings).messageRate)).to.deep.equal([0, 50, 20])
    expect(plan({ limits: { messagesPerSecond: 50 } }, usual).messageRate).to.equal(50)
    expect(() => plan({ limits: { messagesPerSecond: 51 } }, usual)).to.throw('messages_per_second')
  })

  it('has the permissions in one order, however they were given', () => {
    expect(samePlan(plan({ permissions: ['now', 'send', 'now'] }), plan({ permissions: ['send', 'now'] }))).to.equal(true)
  })
})
