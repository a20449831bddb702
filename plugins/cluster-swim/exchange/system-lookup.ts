import { lookup, resolveSrv } from 'node:dns/promises'
import type { NameLookup } from './seed-names.js'

/** Names as this machine looks them up: hosts file and DNS. */
export const systemLookup: NameLookup = {
  addresses: async host => (await lookup(host, { all: true })).map(({ address }) => address),
  services: async name => (await resolveSrv(name)).map(({ name: host, port }) => ({ name: host, port })),
}
