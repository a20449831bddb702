import type { MessageInitShape } from '@bufbuild/protobuf'
import {
  Capabilities, operations, WatchCapabilitiesResponse_Change as Change, type CapabilitySchema, type Clock,
  type ContentSchema, type Handlers, type OfferedCapability, type OperationService,
} from '../../contract/index.js'
import { BoundedStream } from '../bounded-stream.js'
import { CapabilityNotFound, MessageInvalid } from '../routing-errors.js'
import { matcherOf, type CapabilityRegistry } from './capability-registry.js'
import { versionRange } from './version-range.js'

const LISTED = 1_000
/** Most changes that wait for one watcher, beside what is offered when it begins. */
const WAITING = 10_000

interface SeenChange {
  readonly change: Change
  readonly offered: OfferedCapability
  readonly at: number
}

/** What the handlers of the capabilities service reach. */
export interface CapabilityOperationsMain {
  readonly capabilities: CapabilityRegistry
  readonly clock: Clock
}

/** The operations on capabilities: they translate, and leave the work to the {@link CapabilityRegistry}. */
export const capabilityOperations: OperationService = operations(Capabilities,
  (main: CapabilityOperationsMain): Handlers<typeof Capabilities> => ({
    async list ({ prefix, agent, limit }) {
      const all = main.capabilities.search(agent === '' ? {} : { agent }).filter(({ name }) => name.startsWith(prefix))
      return { capabilities: all.slice(0, limit === 0 ? LISTED : limit).map(shown), total: all.length }
    },

    async show ({ name, version }) {
      if (version !== '' && versionRange(version) === undefined) {
        throw MessageInvalid({ parameter: 'version', problem: `"${version.slice(0, 32)}" is none of 2, 1.2, 1.2.3 and ^1.2` })
      }
      const found = main.capabilities.find(name, version === '' ? undefined : version)
      if (found.length === 0) throw CapabilityNotFound({ capability: version === '' ? name : `${name}@${version}` })
      return { capabilities: found.map(shown) }
    },

    async * watch ({ name }, { signal }) {
      const wanted = name === '' ? {} : { name }
      const matches = matcherOf(wanted)
      const stream = new BoundedStream<SeenChange>(WAITING, signal)
      const push = (change: Change) => (offered: OfferedCapability): void => stream.push({ change, offered, at: main.clock.now() })
      const stop = main.capabilities.observe(({ removed, added }) => {
        removed.filter(matches).forEach(push(Change.REMOVED))
        added.filter(matches).forEach(push(Change.ADDED))
      })
      try {
        const at = BigInt(main.clock.now())
        for (const offered of main.capabilities.search(wanted)) yield { change: Change.ADDED, capability: shown(offered), at, skipped: 0n }
        for await (const { change, offered, at: when } of stream) {
          yield { change, capability: shown(offered), at: BigInt(when), skipped: BigInt(stream.takeSkipped()) }
        }
      } finally {
        stop()
      }
    },
  }))

function shown (offered: OfferedCapability): MessageInitShape<typeof CapabilitySchema> {
  const { name, version, agent, description, input, output, costs, protocols } = offered
  return {
    name, version, agent, description,
    inputSchema: schemaText(input), outputSchema: schemaText(output), costs: { ...costs }, protocols: [...protocols],
  }
}

const schemaText = (schema: ContentSchema | undefined): string => schema === undefined ? '' : JSON.stringify(schema)
