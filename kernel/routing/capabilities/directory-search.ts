import type { OfferedCapability } from '../../contract/index.js'
import type { CapabilitySearch } from './capability-registry.js'
import { versionRange } from './version-range.js'

/** Offers that one answer shows when nobody asks for another number, and the most that it shows. */
const SHOWN = 100
const MOST_SHOWN = 1_000
const MEMBERS = ['name', 'version', 'agent', 'limit']

/** What somebody asks the directory facilitator for. */
export interface DirectorySearch {
  readonly wanted: CapabilitySearch
  readonly limit: number
}

/** Thrown for content that can't be understood; the message says why, for its sender. */
export class ContentMalformed extends Error {
  override readonly name = 'ContentMalformed'
}

const decoder = new TextDecoder('utf-8', { fatal: true })

/**
 * Reads `{"search":{"name":…,"version":…,"agent":…,"limit":…}}`, each member optional. Unknown ones are refused: a slip of the pen
 * would find everything. Throws {@link ContentMalformed}.
 */
export function readSearch (content: Uint8Array): DirectorySearch {
  const { search, ...others } = objectOf(parsed(content), 'the content')
  if (search === undefined || Object.keys(others).length > 0) throw new ContentMalformed('the content is not {"search":{…}} alone')
  const members = objectOf(search, '"search"')
  const unknown = Object.keys(members).find(name => !MEMBERS.includes(name))
  if (unknown !== undefined) throw new ContentMalformed(`"search" knows ${MEMBERS.join(', ')}, and no "${unknown.slice(0, 32)}"`)
  const { limit = SHOWN } = members
  if (typeof limit !== 'number' || !Number.isInteger(limit) || limit < 1 || limit > MOST_SHOWN) {
    throw new ContentMalformed(`"limit" is not a whole number from 1 to ${MOST_SHOWN}`)
  }
  return { wanted: { ...textOf(members, 'name'), ...versionOf(members), ...textOf(members, 'agent') }, limit }
}

/** An offer as messages show it. */
export function shownOffer ({ name, version, agent, description, input, output, costs, protocols }: OfferedCapability): object {
  return { name, version, agent, description, input, output, costs, protocols }
}

function versionOf (members: Readonly<Record<string, unknown>>): CapabilitySearch {
  const version = textOf(members, 'version')
  if (version.version !== undefined && versionRange(version.version) === undefined) {
    throw new ContentMalformed(`"${version.version.slice(0, 32)}" is no version: 2, 1.2, 1.2.3 or ^1.2`)
  }
  return version
}

function textOf (members: Readonly<Record<string, unknown>>, name: 'name' | 'version' | 'agent'): CapabilitySearch {
  const value = members[name]
  if (value === undefined) return {}
  if (typeof value !== 'string') throw new ContentMalformed(`"${name}" is no text`)
  return { [name]: value }
}

function parsed (content: Uint8Array): unknown {
  try {
    return JSON.parse(decoder.decode(content))
  } catch {
    throw new ContentMalformed('the content is not JSON')
  }
}

function objectOf (value: unknown, what: string): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value }
  throw new ContentMalformed(`${what} is no JSON object`)
}
