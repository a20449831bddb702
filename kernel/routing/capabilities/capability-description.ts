import type { CapabilityDescription, ContentSchema } from '../../contract/in-shard.js'
import { versionNumber, versionText } from './version-range.js'

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/
/** Most costs, and most protocols, of one capability; most characters in the name of one. */
const ENTRIES = 16
const ENTRY_LENGTH = 64

/** What an agent makes known with `register`. */
export type Registration =
  | { readonly kind: 'offers', readonly capability: CapabilityDescription }
  | { readonly kind: 'withdraws', readonly name: string }

export const isCapabilityName = (text: string): boolean => NAME.test(text)

/**
 * Reads what an agent registers: a JSON object with `name`, and optionally `version` (1.0.0 when left out), `description`,
 * `input`, `output`, `costs` and `protocols`; or with `withdraw` alone. Other members mean nothing. Undefined when it is
 * malformed.
 */
export function readRegistration (text: string): Registration | undefined {
  const parsed = objectOf(text)
  if (parsed === undefined) return undefined
  const { withdraw } = parsed
  if (withdraw !== undefined) {
    return typeof withdraw === 'string' && isCapabilityName(withdraw) ? { kind: 'withdraws', name: withdraw } : undefined
  }
  const capability = capabilityOf(parsed)
  return capability === undefined ? undefined : { kind: 'offers', capability }
}

function capabilityOf (parsed: Readonly<Record<string, unknown>>): CapabilityDescription | undefined {
  const { name, version = '1.0.0', description = '', input, output, costs = {}, protocols = [] } = parsed
  if (typeof name !== 'string' || !isCapabilityName(name) || typeof description !== 'string') return undefined
  const number = typeof version === 'string' ? versionNumber(version) : undefined
  if (number === undefined || !isSchemaOrNone(input) || !isSchemaOrNone(output)) return undefined
  if (!isCosts(costs) || !isProtocols(protocols)) return undefined
  return { name, version: versionText(number), description, input, output, costs, protocols }
}

function objectOf (text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const parsed: unknown = JSON.parse(text)
    return isObject(parsed) ? parsed : undefined
  } catch {
    return undefined
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isSchemaOrNone = (value: unknown): value is ContentSchema | undefined =>
  value === undefined || typeof value === 'boolean' || isObject(value)

function isCosts (value: unknown): value is Record<string, number> {
  if (!isObject(value)) return false
  const entries = Object.entries(value)
  return entries.length <= ENTRIES && entries.every(([name, cost]) =>
    name.length <= ENTRY_LENGTH && typeof cost === 'number' && Number.isFinite(cost) && cost >= 0)
}

const isProtocols = (value: unknown): value is string[] =>
  Array.isArray(value) && value.length <= ENTRIES &&
  value.every(name => typeof name === 'string' && name.length > 0 && name.length <= ENTRY_LENGTH)
