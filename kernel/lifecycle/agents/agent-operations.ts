import { toBinary, type DescMessage, type DescMethodUnary, type MessageInitShape, type MessageShape } from '@bufbuild/protobuf'
import {
  AgentManifestSchema, Agents as AgentsService, operations, type Handlers, type OperationContext, type OperationService,
} from '../../contract/index.js'
import { AgentNotFound } from '../../routing/routing-errors.js'
import { pageOfAgents } from './agent-page.js'
import type { AboutOne } from './agents-elsewhere.js'
import { AgentsHere, type AgentsHereMain } from './agents-here.js'
import { ModuleUpload } from './module-upload.js'
import type { WriteGate } from './write-gate.js'

/** What the handlers of the agents service reach. */
export interface AgentOperationsMain extends AgentsHereMain {
  readonly moduleSize: number
  /** Holds changes back while this node may make none. */
  readonly writes: WriteGate | undefined
}

/** The operations on agents: each is carried out on the node that hosts its agent. */
export const agentOperations: OperationService = operations(AgentsService, (main: AgentOperationsMain): Handlers<typeof AgentsService> => {
  const here = new AgentsHere(main)
  const { inspect, start, stop, promote, rollback, quarantine, release, remove } = AgentsService.method
  return {
    async deploy (requests, context) {
      const upload = new ModuleUpload(main.moduleSize)
      for await (const request of requests) upload.add(request)
      const { manifest, module } = upload.complete()
      if (main.writes?.isClosed === true) {
        const request = toBinary(AgentManifestSchema, manifest)
        return { queued: await main.writes.hold({ what: 'deploy', agent: manifest.name, request, module, caller: context.principal.name }) }
      }
      return await (main.elsewhere?.deploy(manifest, module, context) ?? here.deploy(manifest, module))
    },
    list: async request => pageOfAgents(main, here, request),
    async * logs (request, context) {
      if (main.elsewhere?.has(request.name) === true) yield * main.elsewhere.logs(request, context)
      else yield * here.logs(request, context.signal)
    },
    inspect: wherever(main, inspect, request => here.inspect(request)),
    start: whenever(main, start, request => here.start(request), queued => ({ queued })),
    stop: whenever(main, stop, request => here.stop(request), queued => ({ queued })),
    promote: whenever(main, promote, request => here.promote(request), queued => ({ queued })),
    rollback: whenever(main, rollback, request => here.rollback(request), queued => ({ queued })),
    quarantine: whenever(main, quarantine, request => here.quarantine(request), queued => ({ queued })),
    release: whenever(main, release, request => here.release(request), queued => ({ queued })),
    remove: whenever(main, remove, request => here.remove(request), queued => ({ queued })),
  }
})

/** Carries an operation out here, or where its agent is. */
function wherever<I extends AboutOne, O extends DescMessage> (
  main: AgentOperationsMain, method: DescMethodUnary<I, O>, here: (request: MessageShape<I>) => Promise<MessageInitShape<O>>,
) {
  return async (request: MessageShape<I>, context: OperationContext): Promise<MessageInitShape<O>> => {
    const { elsewhere } = main
    if (elsewhere?.has(request.name) === true) return await elsewhere.carry(method, request, context)
    try {
      return await here(request)
    } catch (error) {
      // It moved while this waited for it.
      if (!AgentNotFound.is(error) || elsewhere?.has(request.name) !== true) throw error
      return await elsewhere.carry(method, request, context)
    }
  }
}

/** The same for a change: while this node may make none, it is kept, and the answer says so. */
function whenever<I extends AboutOne, O extends DescMessage> (
  main: AgentOperationsMain, method: DescMethodUnary<I, O>, here: (request: MessageShape<I>) => Promise<MessageInitShape<O>>,
  kept: (queued: number) => MessageInitShape<O>,
) {
  const now = wherever(main, method, here)
  return async (request: MessageShape<I>, context: OperationContext): Promise<MessageInitShape<O>> => {
    if (main.writes?.isClosed !== true) return await now(request, context)
    const body = toBinary(method.input, request)
    const held = { what: method.localName, agent: request.name, request: body, module: undefined, caller: context.principal.name }
    return kept(await main.writes.hold(held))
  }
}
