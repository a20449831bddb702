import { create, type MessageInitShape } from '@bufbuild/protobuf'
import {
  AgentManifestSchema, Agents, DeployRequestSchema, type DeployRequest, type Handlers, type OperationContext,
} from '../../kernel/contract/index.js'
import { agentOperations } from '../../kernel/lifecycle/agents/agent-operations.js'
import type { SceneNode } from './cluster-scene.js'

const METHODS = Agents.method

/** Calls the operations on agents of one node of a scene, as somebody who may. */
export class SceneOperator {
  readonly #handlers: Handlers<typeof Agents>
  readonly #context: OperationContext

  constructor (node: SceneNode, name = 'key:night-shift', signal: AbortSignal = new AbortController().signal) {
    this.#handlers = agentOperations.handlersOf(node.server.hosting) as Handlers<typeof Agents>
    this.#context = {
      signal,
      principal: { name, method: 'test', roles: [] },
      origin: { face: 'test', address: '127.0.0.1', headers: new Map() },
      trace: { traceId: '1'.repeat(32), spanId: '1'.repeat(16), sampled: false },
    }
  }

  async deploy (name: string, script: string, more: MessageInitShape<typeof AgentManifestSchema> = {}) {
    const manifest = create(AgentManifestSchema, { name, ...more })
    async function * parts (): AsyncGenerator<DeployRequest> {
      yield create(DeployRequestSchema, { part: { case: 'manifest', value: manifest } })
      yield create(DeployRequestSchema, { part: { case: 'chunk', value: Buffer.from(script) } })
    }
    return create(METHODS.deploy.output, await this.#handlers.deploy(parts(), this.#context))
  }

  async list (request: MessageInitShape<typeof METHODS.list.input> = {}) {
    return create(METHODS.list.output, await this.#handlers.list(create(METHODS.list.input, request), this.#context))
  }

  async inspect (name: string) {
    return create(METHODS.inspect.output, await this.#handlers.inspect(create(METHODS.inspect.input, { name }), this.#context))
  }

  async start (name: string) {
    return create(METHODS.start.output, await this.#handlers.start(create(METHODS.start.input, { name }), this.#context))
  }

  async stop (name: string) {
    const request = create(METHODS.stop.input, { name, drainMilliseconds: 100 })
    return create(METHODS.stop.output, await this.#handlers.stop(request, this.#context))
  }

  async promote (name: string) {
    return create(METHODS.promote.output, await this.#handlers.promote(create(METHODS.promote.input, { name }), this.#context))
  }

  async rollback (name: string) {
    return create(METHODS.rollback.output, await this.#handlers.rollback(create(METHODS.rollback.input, { name }), this.#context))
  }

  async remove (name: string): Promise<void> {
    await this.#handlers.remove(create(METHODS.remove.input, { name }), this.#context)
  }

  /** The texts of a log, as they come. */
  async * logs (name: string, follow = false): AsyncGenerator<string> {
    for await (const line of this.#handlers.logs(create(METHODS.logs.input, { name, follow }), this.#context)) yield line.text ?? ''
  }
}
