import type { NodeRoad } from '../../../kernel/contract/index.js'
import type { Tags } from '../wire/serf-messages.js'

/** What a Caxton node says of itself in its tags. */
export interface NodeDescription {
  readonly isCaxton: boolean
  readonly zone: string
  readonly version: string
  readonly roads: readonly NodeRoad[]
}

/** A tag of this name marks a Caxton node; its value is the version. */
const VERSION = 'caxton'
const ZONE = 'zone'
/** `quic:http3:7948 tcp:tls:7947`, the preferred way first. */
const ROADS = 'roads'
const ROAD = /^([a-z0-9-]{1,32}):([A-Za-z0-9._-]{0,64}):(\d{1,5})$/

export const FOREIGNER: NodeDescription = { isCaxton: false, zone: 'default', version: '', roads: [] }

export function tagsOf ({ zone, version, roads }: Omit<NodeDescription, 'isCaxton'>): Tags {
  return new Map([
    [VERSION, version],
    [ZONE, zone],
    ...roads.length === 0 ? [] : [[ROADS, roads.map(road => `${road.transport}:${road.driver}:${road.port}`).join(' ')] as const],
  ])
}

export function describe (tags: Tags): NodeDescription {
  const version = tags.get(VERSION)
  if (version === undefined) return FOREIGNER
  return { isCaxton: true, version, zone: tags.get(ZONE) ?? 'default', roads: (tags.get(ROADS) ?? '').split(' ').flatMap(roadOf) }
}

function roadOf (text: string): NodeRoad[] {
  const [, transport, driver, digits] = ROAD.exec(text) ?? []
  const port = Number(digits)
  if (transport === undefined || driver === undefined || !(port > 0 && port <= 65_535)) return []
  return [{ transport, driver, port }]
}
