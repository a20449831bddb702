import { fromBinary, type DescMessage, type DescMethodUnary, type MessageInitShape, type MessageShape } from '@bufbuild/protobuf'
import { AgentManifestSchema, Agents as AgentsService } from '../../contract/index.js'
import type { AboutOne } from '../agents/agents-elsewhere.js'
import type { AgentsHere } from '../agents/agents-here.js'
import type { HeldWrite } from '../agents/write-gate.js'
import type { Asker } from './agent-forwarding.js'
import type { AgentsOfCluster } from './agents-of-cluster.js'
import { QuestionMalformed } from './moving-errors.js'

/** Carries out changes that were held back, on the nodes that host their agents. */
export class HeldWriteReplay {
  constructor (private readonly everywhere: AgentsOfCluster, private readonly here: AgentsHere, private readonly signal: AbortSignal) {}

  /** Throws what the operation throws. */
  async apply ({ what, request, module, caller }: HeldWrite): Promise<void> {
    const asker: Asker = { caller, signal: this.signal }
    const { here } = this
    const { start, stop, promote, rollback, quarantine, release, remove } = AgentsService.method
    switch (what) {
      case 'deploy':
        await this.everywhere.deployFor(fromBinary(AgentManifestSchema, request), module ?? new Uint8Array(0), asker)
        return
      case start.localName: return await this.#carry(start, request, asker, each => here.start(each))
      case stop.localName: return await this.#carry(stop, request, asker, each => here.stop(each))
      case promote.localName: return await this.#carry(promote, request, asker, each => here.promote(each))
      case rollback.localName: return await this.#carry(rollback, request, asker, each => here.rollback(each))
      case quarantine.localName: return await this.#carry(quarantine, request, asker, each => here.quarantine(each))
      case release.localName: return await this.#carry(release, request, asker, each => here.release(each))
      case remove.localName: return await this.#carry(remove, request, asker, each => here.remove(each))
      default: throw QuestionMalformed({ problem: `nothing is known of "${what.slice(0, 64)}"` })
    }
  }

  async #carry<I extends AboutOne, O extends DescMessage> (
    method: DescMethodUnary<I, O>, bytes: Uint8Array, asker: Asker, here: (request: MessageShape<I>) => Promise<MessageInitShape<O>>,
  ): Promise<void> {
    const request = fromBinary(method.input, bytes)
    if (this.everywhere.has(request.name)) await this.everywhere.carryFor(method, request, asker)
    else await here(request)
  }
}
