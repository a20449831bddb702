import { isIP } from 'node:net'
import { networkInterfaces } from 'node:os'
import { ClusterAddressUnknown } from './cluster-errors.js'
import { parseSeed } from './exchange/seed-names.js'
import type { Address } from './network/network.js'

const ALL = ['0.0.0.0', '::']

/**
 * Under which address others reach this node: what the operator says, else what was bound, else the machine's first own address.
 * Throws `CLUSTER_ADDRESS_UNKNOWN`.
 */
export function advertisedAddress (advertise: string | undefined, bound: Address): Address {
  if (advertise !== undefined) {
    const given = parseSeed(advertise, bound.port)
    if (given !== undefined && isIP(given.host) !== 0 && !ALL.includes(given.host)) return given
    throw ClusterAddressUnknown({ host: advertise })
  }
  if (!ALL.includes(bound.host)) return bound
  const family = bound.host === '::' ? ['IPv6', 'IPv4'] : ['IPv4']
  const own = Object.values(networkInterfaces()).flatMap(addresses => addresses ?? []).filter(({ internal }) => !internal)
  const first = family.flatMap(wanted => own.filter(address => address.family === wanted && !address.address.startsWith('fe80')))[0]
  if (first === undefined) throw ClusterAddressUnknown({ host: bound.host })
  return { host: first.address, port: bound.port }
}
