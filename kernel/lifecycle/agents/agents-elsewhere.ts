import type { DescMessage, DescMethodUnary, Message, MessageInitShape, MessageShape } from '@bufbuild/protobuf'
import type { GenMessage } from '@bufbuild/protobuf/codegenv2'
import type {
  AgentListing, AgentLogsRequest, AgentLogsResponse, AgentManifest, DeployResponseSchema, OperationContext,
} from '../../contract/index.js'

/** A request about one agent. */
export type AboutOne = GenMessage<Message & { name: string }>

/** The agents of the other nodes, for the operations. */
export interface AgentsElsewhere {
  /** What this node is called. */
  readonly self: string
  /** Whether another node hosts an agent of that name, as far as is known, and none is here. */
  has (name: string): boolean
  /** Carries out an operation on the node that hosts its agent. Throws what happened there, or `PEER_UNREACHABLE`. */
  carry<I extends AboutOne, O extends DescMessage> (
    method: DescMethodUnary<I, O>, request: MessageShape<I>, context: OperationContext,
  ): Promise<MessageShape<O>>
  logs (request: AgentLogsRequest, context: OperationContext): AsyncIterable<AgentLogsResponse>
  /** Deploys where the manifest's placement says, or where the agent is. */
  deploy (manifest: AgentManifest, module: Uint8Array, context: OperationContext): Promise<MessageInitShape<typeof DeployResponseSchema>>
  /** Every agent of another node. */
  list (): Iterable<{ readonly nodeId: string, readonly listing: AgentListing }>
}
