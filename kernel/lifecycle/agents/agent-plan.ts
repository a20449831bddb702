import { hash } from 'node:crypto'
import {
  DELIVERY, GroupStrategy, type AgentLimits, type AgentManifest, type Delivery,
} from '../../contract/index.js'
import type { AgentsConfiguration } from '../configuration/kernel-schema.js'
import { RESERVED_NAMES } from '../../routing/directory/directory.js'
import { AgentNameInvalid, AgentNameReserved, ManifestInvalid } from './agent-errors.js'
import type { AgentPlan } from './agent-record.js'
import { grantedPermissions } from './granted-permissions.js'
import { isSignature, type ModuleSignature } from './module-signature.js'
import { wishOf } from './placement-terms.js'
import { GROUP_STRATEGIES, type GroupPlace } from './supervision-group.js'

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,254}$/
const CONFIGURATION_BYTES = 65_536
const PAGE = 65_536
const MOST_FUEL = 2_000_000_000
const MOST_RATE = 1_000_000

/**
 * Checks a manifest and fills in the server's defaults. Throws `AGENT_NAME_INVALID`, `AGENT_NAME_RESERVED` or `MANIFEST_INVALID`.
 *
 * @param deployedAt Milliseconds since the Unix epoch.
 */
export function planOf (manifest: AgentManifest, module: Uint8Array, settings: AgentsConfiguration, deployedAt: number): AgentPlan {
  if (!NAME.test(manifest.name)) throw AgentNameInvalid({ name: manifest.name })
  if (RESERVED_NAMES.includes(manifest.name.toLowerCase())) throw AgentNameReserved({ name: manifest.name })
  if (manifest.configuration.length > CONFIGURATION_BYTES) {
    throw ManifestInvalid({ setting: 'configuration', problem: `longer than ${CONFIGURATION_BYTES} bytes` })
  }
  const limits = manifest.limits
  const permissions = grantedPermissions(manifest, settings.permissions)
  return {
    name: manifest.name,
    module: hash('sha256', module),
    signature: signatureOf(manifest),
    permissions: permissions.words,
    granted: permissions.calls,
    limits: {
      memoryBytes: wholePages(within('memory_bytes', Number(limits?.memoryBytes ?? 0n), settings.memory, PAGE, settings.memory_max)),
      fuelPerMessage: within('fuel_per_message', Number(limits?.fuelPerMessage ?? 0n), settings.fuel_per_message, 1_000, MOST_FUEL),
      fuelPerStart: within('fuel_per_start', Number(limits?.fuelPerStart ?? 0n), settings.fuel_per_start, 1_000, MOST_FUEL),
      messageBytes: within('message_bytes', Number(limits?.messageBytes ?? 0n), settings.message_size, 1_024, settings.message_size_max),
    },
    mailboxMessages: within('mailbox_messages', limits?.mailboxMessages ?? 0, settings.mailbox_messages, 1, 1_000_000),
    messageRate: rateOf(limits?.messagesPerSecond ?? 0, settings),
    logLines: within('log_lines_per_second', limits?.logLinesPerSecond ?? 0, settings.log_lines, 1, settings.log_lines_max),
    configuration: manifest.configuration,
    delivery: deliveryOf(manifest.delivery === '' ? settings.delivery : manifest.delivery),
    deployedAt,
    version: 1,
    claim: 1,
    group: groupOf(manifest),
    wish: wishOf(manifest),
  }
}

/** Whether two plans describe the same agent: time and number of the deployment do not count. */
export function samePlan (one: AgentPlan, other: AgentPlan): boolean {
  const comparable = ({ name, module, signature, permissions, limits, configuration, delivery, group, ...more }: AgentPlan): string => {
    const { memoryBytes, fuelPerMessage, fuelPerStart, messageBytes } = limits
    const bounds = [memoryBytes, fuelPerMessage, fuelPerStart, messageBytes, more.mailboxMessages, more.messageRate, more.logLines]
    const place = [group?.name, group?.strategy, group?.order]
    return JSON.stringify([name, module, signature?.key, permissions, bounds, delivery, Buffer.from(configuration).toString('hex'), place])
  }
  return comparable(one) === comparable(other)
}

/** The limits of a plan as the operations show them. */
export function limitsOf (plan: AgentPlan): Omit<AgentLimits, '$typeName'> {
  const { limits } = plan
  return {
    memoryBytes: BigInt(limits.memoryBytes),
    fuelPerMessage: BigInt(limits.fuelPerMessage),
    fuelPerStart: BigInt(limits.fuelPerStart),
    mailboxMessages: plan.mailboxMessages,
    messageBytes: BigInt(limits.messageBytes),
    messagesPerSecond: plan.messageRate,
    logLinesPerSecond: plan.logLines,
  }
}

/** Throws `MANIFEST_INVALID` for a word that is no delivery mode. */
export function deliveryOf (wanted: string): Delivery {
  const delivery = DELIVERY.find(mode => mode === wanted)
  if (delivery !== undefined) return delivery
  throw ManifestInvalid({ setting: 'delivery', problem: `"${wanted.slice(0, 64)}" is none of ${DELIVERY.join(', ')}` })
}

function groupOf ({ group, groupStrategy, groupOrder }: AgentManifest): GroupPlace | undefined {
  if (group === '') {
    if (groupStrategy === GroupStrategy.UNSPECIFIED && groupOrder === 0) return undefined
    throw ManifestInvalid({ setting: 'group', problem: 'a strategy or an order is given, but no name' })
  }
  if (!NAME.test(group)) throw ManifestInvalid({ setting: 'group', problem: `"${group.slice(0, 64)}" is no name` })
  return { name: group, strategy: GROUP_STRATEGIES[Math.max(0, groupStrategy - 1)] ?? 'one-for-one', order: groupOrder }
}

/** A group's strategy as the operations show it. */
export const shownStrategy = (group: GroupPlace | undefined): GroupStrategy =>
  group === undefined ? GroupStrategy.UNSPECIFIED : GROUP_STRATEGIES.indexOf(group.strategy) + 1

const wholePages = (bytes: number): number => bytes - bytes % PAGE

/** Whether it holds is not decided here. */
function signatureOf ({ signature: given }: AgentManifest): ModuleSignature | undefined {
  if (given === undefined) return undefined
  const signature = { key: given.key, signature: given.signature }
  if (isSignature(signature)) return signature
  throw ManifestInvalid({ setting: 'signature', problem: 'it is no signature for Ed25519 with the hash of its key' })
}

/** Of these, 0 means that there is no bound. */
function rateOf (value: number, { message_rate, message_rate_max }: AgentsConfiguration): number {
  const most = message_rate_max === 0 ? MOST_RATE : message_rate_max
  if (value === 0 && message_rate === 0) return message_rate_max
  return within('messages_per_second', value, message_rate, 1, most)
}

/** A value that was asked for; 0 stands for the server's own. */
function within (setting: string, value: number, otherwise: number, least: number, most: number): number {
  if (value === 0) return Math.min(otherwise, most)
  if (value >= least && value <= most) return value
  throw ManifestInvalid({ setting, problem: `${value} is not between ${least} and ${most}` })
}
