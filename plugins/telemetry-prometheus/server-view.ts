import { create, isMessage, type DescMessage, type DescMethod, type MessageShape } from '@bufbuild/protobuf'
import {
  MetricsResponseSchema, Server, StatusResponseSchema, type Health, type MetricsReader, type Operations, type ServerHealth,
} from '../../kernel/contract/index.js'
import type { ExposedMetric } from './exposition.js'
import type { Visit } from './page.js'

/** How the server and each of its parts does. */
export interface HealthShown {
  readonly state: string
  readonly parts: ReadonlyArray<{ readonly name: string, readonly state: string, readonly detail?: string }>
}

/** What can be seen of the server, by those who may. Rejects with the error that refuses the others. */
export interface ServerView {
  metrics (visit: Visit): Promise<readonly ExposedMetric[]>
  health (visit: Visit): Promise<HealthShown>
}

/** For visitors of this machine: everybody may look. */
export class OpenView implements ServerView {
  constructor (private readonly reader: MetricsReader, private readonly serverHealth: ServerHealth) {}

  async metrics (): Promise<readonly ExposedMetric[]> {
    return this.reader.snapshot()
  }

  async health (): Promise<HealthShown> {
    const part = ({ name, health: { state, detail } }: { readonly name: string, readonly health: Health }): HealthShown['parts'][number] =>
      ({ name, state, ...detail === undefined ? {} : { detail } })
    return { state: this.serverHealth.overall().state, parts: this.serverHealth.parts().map(part) }
  }
}

/** For visitors from anywhere: what they see is the answer to an operation, which has to admit, know and allow them first. */
export class GuardedView implements ServerView {
  constructor (private readonly operations: Operations, private readonly face: string) {}

  async metrics (visit: Visit): Promise<readonly ExposedMetric[]> {
    return (await this.ask(Server.method.metrics, MetricsResponseSchema, visit)).metrics
  }

  async health (visit: Visit): Promise<HealthShown> {
    const { health, parts } = await this.ask(Server.method.status, StatusResponseSchema, visit)
    return {
      state: health,
      parts: parts.map(({ name, state, detail }) => ({ name, state, ...detail === '' ? {} : { detail } })),
    }
  }

  private async ask<O extends DescMessage> (method: DescMethod, schema: O, visit: Visit): Promise<MessageShape<O>> {
    const { headers, address, certificate, signal } = visit
    const operation = this.operations.list().find(one => one.method === method)
    if (operation === undefined) throw new Error(`the server does not have ${method.parent.typeName}/${method.name}`)
    const origin = { face: this.face, address, headers, ...certificate === undefined ? {} : { certificate } }
    const answer = await this.operations.unary(operation, create(method.input), { origin, signal })
    if (!isMessage(answer, schema)) throw new Error(`${operation.name} did not answer with ${schema.typeName}`)
    return answer
  }
}
