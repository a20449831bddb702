import type { MemberRecord } from '../members/member-record.js'
import type { NodeRecord, Versions } from '../wire/messages.js'

/** What this node speaks: memberlist 1 to 5, of which 2; Serf 2 to 5, of which 5. */
export const OUR_VERSIONS: Versions = {
  minimum: 1, maximum: 5, current: 2, delegateMinimum: 2, delegateMaximum: 5, delegateCurrent: 5,
}
const NONE: Versions = { minimum: 0, maximum: 0, current: 0, delegateMinimum: 0, delegateMaximum: 0, delegateCurrent: 0 }

/**
 * Whether all nodes of both sides understand one another (memberlist §8): undefined, or whose versions stand against it in one
 * sentence. Nodes that are down must be understood too, but limit nobody.
 */
export function incompatibility (known: Iterable<MemberRecord>, told: readonly NodeRecord[]): string | undefined {
  const all = [...[...known].map(record => record.asNodeRecord()), ...told]
  const alive = all.filter(({ state }) => state === 'alive').map(({ versions }) => versions ?? NONE)
  const minimum = Math.max(...alive.map(versions => versions.minimum))
  const maximum = Math.min(...alive.map(versions => versions.maximum))
  const delegateMinimum = Math.max(...alive.map(versions => versions.delegateMinimum))
  const delegateMaximum = Math.min(...alive.map(versions => versions.delegateMaximum))
  const misfit = all.find(({ versions: told = NONE }) =>
    told.current < minimum || told.current > maximum || told.delegateCurrent < delegateMinimum || told.delegateCurrent > delegateMaximum)
  if (misfit === undefined) return undefined
  const { current, delegateCurrent } = misfit.versions ?? NONE
  return `node "${misfit.node}" speaks memberlist ${current} and Serf ${delegateCurrent}, the cluster ${minimum} to ${maximum}`
    + ` and ${delegateMinimum} to ${delegateMaximum}`
}
