import {
  ClockToken, MetricsReaderToken, MetricsToken, NodeToken, RandomToken, SecurityEventsToken, ServerHealthToken, token,
  type Plugin, type Registration,
} from '../contract/index.js'
import { SecurityNotes } from '../observability/security-events.js'
import { DataDirectory } from './data-directory.js'
import { part, type Surroundings } from './kernel-part.js'

/** The same as `SecurityEventsToken`, for the part that carries them to the audit log. */
export const SecurityNotesToken = token<SecurityNotes>('caxton/kernel-security-notes@1')

/** The first part: what everything else stands on. */
export function nodePart ({ node, clock, random, metrics, health, log }: Surroundings): Plugin {
  return part({
    name: 'kernel-node',
    summary: 'Holds the data directory; gives the node\'s facts, clock, randomness, metrics and health.',
    provides: [
      NodeToken, ClockToken, RandomToken, MetricsToken, MetricsReaderToken, ServerHealthToken, SecurityEventsToken, SecurityNotesToken,
    ],
    register (registration: Registration) {
      const directory = new DataDirectory(node.dataDirectory)
      const notes = new SecurityNotes(log('security'), metrics)
      registration.provide(NodeToken, node)
      registration.provide(ClockToken, clock)
      registration.provide(RandomToken, random)
      registration.provide(MetricsToken, metrics)
      registration.provide(MetricsReaderToken, metrics)
      registration.provide(ServerHealthToken, health)
      registration.provide(SecurityEventsToken, notes)
      registration.provide(SecurityNotesToken, notes)
      return {
        start: async () => directory.lock(),
        stop: async () => directory.release(),
      }
    },
  })
}
