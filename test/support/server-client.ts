import type { MessageInitShape } from '@bufbuild/protobuf'
import {
  Agents, AgentState, Conversations, isCaxtonError, Messages, Server, type AclMessage, type AclMessageSchema, type Agent,
  type AgentManifestSchema, type Connector, type ConnectorTarget, type Conversation, type Delivery, type DeployResponse,
  type InspectAgentResponse, type SendMessageResponse, type StatusResponse,
} from '../../kernel/contract/index.js'
import { openConnector } from '../../plugins/api-grpc/grpc-connector.js'
import { until } from './until.js'

const CHUNK = 512 * 1024

export type ManifestDraft = MessageInitShape<typeof AgentManifestSchema>
export type MessageDraft = MessageInitShape<typeof AclMessageSchema>

/** The operations that tests call, over the connector of the command line. */
export class ServerClient {
  readonly connector: Connector

  constructor (address: string, target: Omit<ConnectorTarget, 'address'> = {}) {
    this.connector = openConnector({ ...target, address })
  }

  deploy (name: string, module: Uint8Array, manifest: ManifestDraft = {}): Promise<DeployResponse> {
    async function * parts () {
      yield { part: { case: 'manifest' as const, value: { ...manifest, name } } }
      for (let at = 0; at < module.length; at += CHUNK) {
        yield { part: { case: 'chunk' as const, value: module.subarray(at, at + CHUNK) } }
      }
    }
    return this.connector.clientStream(Agents.method.deploy, parts())
  }

  send (to: string, message: MessageDraft = {}): Promise<SendMessageResponse> {
    return this.connector.unary(Messages.method.send, { message: { performative: 'request', receiver: to, ...message } })
  }

  /** Tells an agent a text that must not be lost; resolves when the server has it on disk. */
  async tell (to: string, text: string, delivery: Delivery): Promise<void> {
    const message = { performative: 'inform', receiver: to, content: Buffer.from(text), mediaType: 'text/plain' }
    await this.connector.unary(Messages.method.send, { message, delivery })
  }

  /** Tells an agent a text under a delivery key; whether the server had it before. */
  async tellOnce (to: string, text: string, deliveryKey: string): Promise<boolean> {
    const message = { performative: 'inform', receiver: to, content: Buffer.from(text), mediaType: 'text/plain' }
    const { accepted, duplicate } = await this.connector.unary(Messages.method.send, { message, deliveryKey })
    if (!accepted) throw new Error(`${text} was not accepted`)
    return duplicate
  }

  /** Sends a request and waits for the answer that ends the conversation. */
  async ask (to: string, message: MessageDraft = {}, waitMilliseconds = 10_000): Promise<AclMessage> {
    const sent = { performative: 'request', receiver: to, ...message }
    const { answers } = await this.connector.unary(Messages.method.send, { message: sent, wait: true, waitMilliseconds })
    const last = answers.at(-1)
    if (last === undefined) throw new Error(`${to} did not answer`)
    return last
  }

  status (): Promise<StatusResponse> {
    return this.connector.unary(Server.method.status, {})
  }

  /** A counter or a gauge, of all its labels together. */
  async figure (name: string): Promise<number> {
    const { metrics } = await this.connector.unary(Server.method.metrics, { prefix: name })
    return metrics.find(metric => metric.name === name)?.samples.reduce((sum, { value }) => sum + value, 0) ?? 0
  }

  inspect (name: string): Promise<InspectAgentResponse> {
    return this.connector.unary(Agents.method.inspect, { name })
  }

  async agent (name: string): Promise<Agent> {
    const { agent } = await this.inspect(name)
    if (agent === undefined) throw new Error(`the server shows nothing of ${name}`)
    return agent
  }

  async list (): Promise<readonly Agent[]> {
    return (await this.connector.unary(Agents.method.list, {})).agents
  }

  async start (name: string): Promise<void> {
    await this.connector.unary(Agents.method.start, { name })
  }

  async stop (name: string, drainMilliseconds = 1_000): Promise<void> {
    await this.connector.unary(Agents.method.stop, { name, drainMilliseconds })
  }

  async remove (name: string): Promise<void> {
    await this.connector.unary(Agents.method.remove, { name })
  }

  async conversations (ended = false): Promise<readonly Conversation[]> {
    return (await this.connector.unary(Conversations.method.list, { ended })).conversations
  }

  async conversation (id: string): Promise<Conversation> {
    const { conversation } = await this.connector.unary(Conversations.method.show, { id })
    if (conversation === undefined) throw new Error(`the server shows nothing of ${id}`)
    return conversation
  }

  async cancelConversation (id: string): Promise<void> {
    await this.connector.unary(Conversations.method.cancel, { id })
  }

  async logs (name: string): Promise<readonly string[]> {
    const lines: string[] = []
    for await (const { text } of this.connector.serverStream(Agents.method.logs, { name, lines: 1_000 })) lines.push(text)
    return lines
  }

  /** Waits until an agent runs again after so many restarts, or is quarantined. */
  async settled (name: string, restarts: number): Promise<Agent> {
    let agent = await this.agent(name)
    await until(async () => {
      agent = await this.agent(name)
      return agent.quarantined || (agent.state === AgentState.RUNNING && agent.restarts >= restarts)
    })
    return agent
  }

  close (): void {
    this.connector.close()
  }
}

/** The code of the declared error that something fails with; fails itself when nothing does. */
export async function codeOf (work: Promise<unknown>): Promise<string> {
  try {
    await work
  } catch (error) {
    if (isCaxtonError(error)) return error.code
    throw error
  }
  throw new Error('nothing was refused')
}

/** The content of a message, read as JSON. */
export const jsonContent = (message: AclMessage): Record<string, unknown> =>
  JSON.parse(Buffer.from(message.content).toString()) as Record<string, unknown>
