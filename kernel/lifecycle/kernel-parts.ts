import { setFlagsFromString } from 'node:v8'
import {
  Admissions, AgentEngineToken, AuditLogToken, Authenticators, AuthorizerToken, CapabilitiesToken, ExchangesToken, IdentityToken,
  ListenersToken, MembershipToken, OperationCatalogueToken, OperationsToken, optional, PeersToken, PlacementToken, Protocols,
  RegistryToken, SecurityEventsToken, StoreToken, token, ToolsToken, Transports,
  type Plugin, type PluginLife, type Registration,
} from '../contract/index.js'
import { capabilityOperations } from '../routing/capabilities/capability-operations.js'
import { conversationOperations } from '../routing/conversations/conversation-operations.js'
import { deadLetterOperations } from '../routing/dead-letters/dead-letter-operations.js'
import { messageOperations } from '../routing/message-operations.js'
import { OperationChain } from '../routing/operations/operation-chain.js'
import { OperationRegistry, operationsOf } from '../routing/operations/operation-registry.js'
import { PeerLinks } from '../routing/remote/peer-links.js'
import { AgentHosting } from './agents/agent-hosting.js'
import { agentOperations } from './agents/agent-operations.js'
import { agentsOutlook } from './agents/agents-outlook.js'
import { ClusterHosting } from './cluster/cluster-hosting.js'
import { clusterOperations } from './cluster/cluster-operations.js'
import type { ClusterOperationsMain } from './cluster/cluster-operations-main.js'
import { RoundTripEcho } from './cluster/round-trip-echo.js'
import { CollectedFiles } from './diagnostics/collected-files.js'
import { diagnosticsOperations, type DiagnosticsMain } from './diagnostics/diagnostics-operations.js'
import { HeapGrowth } from './heap-growth.js'
import { part, type Surroundings } from './kernel-part.js'
import { NetListeners } from './listeners.js'
import { nodePart, SecurityNotesToken } from './node-part.js'
import type { PluginEntry } from './plugins/plugin-loader.js'
import { processPart } from './process-part.js'
import { ProcessFlagMissing } from './server-errors.js'
import { serverOperations, type ServerOperationsMain } from './server-operations.js'
import { sharingPart } from './sharing-part.js'
import { telemetryPart, tracerPart } from './telemetry-part.js'

/** Wait before a node is dialled again that could not be reached once, in milliseconds. */
const FIRST_PAUSE = 100
/** In place of the membership, for a node that is in no cluster. */
const NOBODY = { member: () => undefined, doubt: () => {} }

const LinksToken = token<PeerLinks>('caxton/kernel-links@1')
const HostingToken = token<AgentHosting>('caxton/kernel-agents@1')

/**
 * The kernel's own parts. They are plugins without a table in the configuration, so their place in the start order
 * follows from what they need, like everybody's: node → store and identity → agents → security → operations → faces.
 */
export function kernelParts (surroundings: Surroundings): { readonly first: PluginEntry[], readonly last: PluginEntry[] } {
  return {
    first: [
      nodePart, processPart, tracerPart, telemetryPart, cataloguePart, listenersPart, agentsPart, peersPart, clusterPart, sharingPart,
      serverPart, diagnosticsPart,
    ].map(each => entryOf(each(surroundings))),
    // Last in the list, so that every plugin which could begin before it has, and its operations are known.
    last: [operationsPart(surroundings)].map(entryOf),
  }
}

const entryOf = (plugin: Plugin): PluginEntry =>
  ({ instance: plugin.name, plugin, config: {}, optional: false, allow: [], builtIn: true })

function cataloguePart ({ plugins }: Surroundings): Plugin {
  return part({
    name: 'kernel-catalogue',
    summary: 'Knows which operations there will be, and which rights they need.',
    provides: [OperationCatalogueToken],
    register (registration: Registration) {
      registration.provide(OperationCatalogueToken, { list: () => operationsOf(plugins().services()) })
      return undefined
    },
  })
}

function listenersPart ({ log, metrics }: Surroundings): Plugin {
  return part({
    name: 'kernel-listeners',
    summary: 'Opens every port, and refuses those that nothing protects.',
    provides: [ListenersToken],
    needs: [Authenticators, SecurityEventsToken],
    register (registration: Registration) {
      const someoneAuthenticates = registration.get(Authenticators).length > 0
      const events = registration.get(SecurityEventsToken)
      registration.provide(ListenersToken, new NetListeners(someoneAuthenticates, log('kernel-listeners'), metrics, events))
      return undefined
    },
  })
}

function agentsPart ({ configuration, clock, random, metrics, tracing, log, processFlags }: Surroundings): Plugin {
  return part({
    name: 'kernel-agents',
    summary: 'Hosts the agents and carries their messages.',
    provides: [HostingToken, CapabilitiesToken, ExchangesToken],
    needs: [StoreToken, IdentityToken, AgentEngineToken, Protocols, SecurityEventsToken, optional(ToolsToken)],
    outlook: () => agentsOutlook(configuration.agents),
    operations: [agentOperations, capabilityOperations, messageOperations, conversationOperations, deadLetterOperations],
    register (registration: Registration) {
      const engine = registration.get(AgentEngineToken)
      const missing = engine.processFlags.find(flag => !processFlags.includes(flag))
      if (missing !== undefined) throw ProcessFlagMissing({ flag: missing })
      const hosting = new AgentHosting({
        configuration, clock, random, metrics, tracing, engine, log: log('agents'), events: registration.get(SecurityEventsToken),
        store: registration.get(StoreToken),
        protocols: registration.get(Protocols).map(({ service }) => service),
        tools: registration.get(optional(ToolsToken)),
        heaps: new HeapGrowth(percent => setFlagsFromString(`--heap-growing-percent=${percent}`)),
      })
      registration.provide(HostingToken, hosting)
      registration.provide(CapabilitiesToken, hosting.capabilities)
      registration.provide(ExchangesToken, hosting.exchanges)
      return hosting
    },
  })
}

function peersPart ({ configuration: { cluster }, node, clock, random, log }: Surroundings): Plugin {
  return part({
    name: 'kernel-peers',
    summary: 'Keeps the links to other nodes.',
    provides: [PeersToken, LinksToken],
    needs: [Transports, optional(MembershipToken)],
    register (registration: Registration) {
      const rank = (name: string): number => name === cluster.transport ? 0 : 1
      const links = new PeerLinks({
        self: node.nodeId, clock, random, log: log('peers'),
        transports: [...registration.get(Transports)].sort((one, other) => rank(one.service.name) - rank(other.service.name)),
        membership: registration.get(optional(MembershipToken)) ?? NOBODY,
        rules: {
          queue: cluster.queue, dialTimeout: cluster.dial_timeout,
          failures: cluster.breaker_failures, open: cluster.breaker_open, delay: FIRST_PAUSE,
        },
      })
      registration.provide(PeersToken, links)
      registration.provide(LinksToken, links)
      return { stop: () => links.close() }
    },
  })
}

function clusterPart ({ configuration, node, clock, metrics, tracing: { tracer }, log }: Surroundings): Plugin {
  return part({
    name: 'kernel-cluster',
    summary: 'Makes the agents of all nodes known to each other, and answers for the cluster.',
    needs: [
      HostingToken, LinksToken, StoreToken, SecurityEventsToken,
      optional(MembershipToken), optional(RegistryToken), optional(PlacementToken),
    ],
    operations: [clusterOperations],
    register (registration: Registration): PluginLife & ClusterOperationsMain {
      const membership = registration.get(optional(MembershipToken))
      const registry = registration.get(optional(RegistryToken))
      const links = registration.get(LinksToken)
      const main = { clock, metrics, membership, registry, peers: links, deeds: undefined, echo: new RoundTripEcho(links, clock) }
      if (membership === undefined || registry === undefined) return main
      const cluster = new ClusterHosting({
        self: node.nodeId, membership, registry, clock, metrics, tracer, links, log: log('cluster'), settings: configuration.cluster,
        hosting: registration.get(HostingToken), store: registration.get(StoreToken), events: registration.get(SecurityEventsToken),
        placement: registration.get(optional(PlacementToken)),
      })
      return { ...main, deeds: cluster.deeds, start: () => cluster.start(), stop: () => cluster.stop(), health: () => cluster.health() }
    },
  })
}

function serverPart (surroundings: Surroundings): Plugin {
  const { node, configurationFile, configuration, health, metrics, plugins, stop } = surroundings
  return part({
    name: 'kernel-server',
    summary: 'Answers for the server itself: status, plugins, metrics, stop.',
    needs: [HostingToken, ListenersToken],
    operations: [serverOperations],
    register (registration: Registration): PluginLife & ServerOperationsMain {
      return {
        node, configurationFile, metrics, plugins,
        healthBoard: health,
        stopServer: stop,
        agentsMax: configuration.agents.max,
        listeners: registration.get(ListenersToken),
        hosting: registration.get(HostingToken),
      }
    },
  })
}

function diagnosticsPart ({ node, configurationFile, inForce, logLevels, logTail }: Surroundings): Plugin {
  return part({
    name: 'kernel-diagnostics',
    summary: 'Changes what is logged, and collects what helps to find a fault.',
    needs: [HostingToken],
    operations: [diagnosticsOperations],
    register (registration: Registration): PluginLife & DiagnosticsMain {
      const hosting = registration.get(HostingToken)
      const collected = { node, configurationFile, configuration: inForce, tail: logTail, counters: () => hosting.counters }
      return { levels: logLevels, files: new CollectedFiles(collected) }
    },
  })
}

function operationsPart ({ clock, metrics, tracing: { tracer }, log, plugins }: Surroundings): Plugin {
  return part({
    name: 'kernel-operations',
    summary: 'Carries every operation through one chain.',
    provides: [OperationsToken],
    needs: [HostingToken, Authenticators, optional(AuthorizerToken), Admissions, optional(AuditLogToken), SecurityNotesToken],
    register (registration: Registration) {
      const registry = new OperationRegistry()
      const chain = new OperationChain({
        registry, clock, metrics, tracer, log: log('operations'),
        authenticators: registration.get(Authenticators),
        authorizer: registration.get(optional(AuthorizerToken)),
        admissions: registration.get(Admissions),
        audit: registration.get(optional(AuditLogToken)),
      })
      registration.provide(OperationsToken, chain)
      const notes = registration.get(SecurityNotesToken)
      let endNotes = (): void => {}
      return {
        start: async () => {
          for (const contribution of plugins().contributions()) registry.add(contribution)
          endNotes = notes.carryTo(event => { chain.note(event) })
        },
        stop: async () => {
          endNotes()
          chain.stop()
        },
      }
    },
  })
}
