import { join } from 'node:path'
import {
  CapabilitiesToken, ExchangesToken, MembershipToken, OperationsToken, PeersToken, StateBackendToken,
  type CapabilityDirectory, type Exchanges, type Operations,
} from '../../../kernel/contract/index.js'
import storeMemory from '../../../plugins/store-memory/plugin.js'
import type { PluginSubject } from '../../kits/plugin.js'
import { MemoryState } from '../../fixtures/state-backends/memory-state.js'
import { StandInPeers } from '../cluster/stand-in-peers.js'
import { REPOSITORY } from '../docs/markdown.js'
import { MemoryMembership, MemoryRing } from '../membership/memory-membership.js'

type Parts = Omit<PluginSubject, 'module'>

const certificates = join(REPOSITORY, 'test', 'fixtures', 'certificates')
const SECRET = 'a secret of the issuer that is long enough'
const nobody = (): never => { throw new Error('nothing is called while a plugin is only started') }
const operations: Operations = {
  list: () => [], unary: nobody, serverStream: nobody, clientStream: nobody, traceOf: () => undefined,
}
const exchanges: Exchanges = { open: nobody }
const capabilities: CapabilityDirectory = { find: () => [] }
const withStore = async (): Promise<Parts> => ({ beside: [storeMemory] })

/** What the built-in plugins need to be tried alone, by their names. */
export const builtInSubjects: Readonly<Record<string, () => Promise<Parts>>> = {
  'api-grpc': async () => ({ config: { port: 0 }, services: [[OperationsToken, operations]] }),
  'auth-api-key': withStore,
  'auth-jwt': async () => ({
    config: { issuers: { here: { issuer: 'https://id.test', audience: ['caxton'], secret: SECRET, algorithms: ['HS256'] } } },
  }),
  'auth-mtls': async () => ({ config: { authorities: join(certificates, 'authority.pem') } }),
  'auth-oauth2': async () => ({
    config: { introspection_url: 'http://127.0.0.1:9/ask', client_id: 'caxton', client_secret: SECRET, audience: ['caxton'] },
  }),
  'authz-rbac': async () => ({ config: { policy: join(REPOSITORY, 'config', 'policy.toml') } }),
  'cluster-swim': async () => ({ beside: [storeMemory], config: { port: 0 } }),
  'registry-gossip': async () => ({
    beside: [storeMemory],
    services: [[PeersToken, new StandInPeers([], nobody)], [MembershipToken, new MemoryMembership('kit-node', new MemoryRing())]],
  }),
  'state-postgres': async () => ({ config: { host: '127.0.0.1', port: 9 } }),
  'state-redis': async () => ({ config: { host: '127.0.0.1', port: 9 } }),
  'tasks-contract-net': async () => ({ services: [[ExchangesToken, exchanges], [CapabilitiesToken, capabilities]] }),
  'telemetry-local': async () => ({ beside: [storeMemory], services: [[PeersToken, new StandInPeers([], nobody)]] }),
  'telemetry-prometheus': async () => ({ config: { port: 0 }, services: [[OperationsToken, operations]] }),
  'tools-mcp': withStore,
  'tools-state': async () => ({ services: [[StateBackendToken, new MemoryState()]] }),
  'transport-quic': async () => ({ config: { port: 0 } }),
  'transport-tcp': async () => ({ config: { port: 0 } }),
}

/** Those that need a server of somebody else, which is not there: they are put through everything but a start that succeeds. */
export const needsServer: readonly string[] = ['state-postgres', 'state-redis']
