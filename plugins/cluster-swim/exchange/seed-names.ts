import type { Address } from '../network/network.js'
import { isIP } from 'node:net'

/** Looks names up. */
export interface NameLookup {
  /** IP addresses of a host (A, AAAA). */
  addresses (host: string): Promise<readonly string[]>
  /** Hosts with their ports (SRV). */
  services (name: string): Promise<ReadonlyArray<{ readonly name: string, readonly port: number }>>
}

const SEED = /^(?:\[([0-9a-fA-F:.]+)\]|([^:\s[\]]+))(?::(\d{1,5}))?$/

/** `host`, `host:port`, `[v6]:port`, a bare IPv6 address; undefined for anything else. */
export function parseSeed (text: string, port: number): Address | undefined {
  const trimmed = text.trim()
  if (isIP(trimmed) === 6) return { host: trimmed, port }
  const [, v6, host = v6, digits] = SEED.exec(trimmed) ?? []
  const given = digits === undefined ? port : Number(digits)
  if (host === undefined || given < 1 || given > 65_535 || (v6 !== undefined && isIP(v6) !== 6)) return undefined
  return { host, port: given }
}

/**
 * The addresses behind a seed. `_service._proto.domain` is looked up as SRV, any other name as A and AAAA; an IP address stands for
 * itself. Rejects with why in plain words.
 */
export async function addressesOf (seed: string, port: number, lookup: NameLookup): Promise<readonly Address[]> {
  const parsed = parseSeed(seed, port)
  if (parsed === undefined) throw new Error(`"${seed}" is not host:port`)
  if (isIP(parsed.host) !== 0) return [parsed]
  if (!parsed.host.startsWith('_')) return hosts(parsed.host, parsed.port, lookup)
  const services = await lookup.services(parsed.host)
  const found = await Promise.all(services.map(service => hosts(service.name, service.port, lookup)))
  return found.flat()
}

async function hosts (host: string, port: number, lookup: NameLookup): Promise<readonly Address[]> {
  return (await lookup.addresses(host)).map(address => ({ host: address, port }))
}
