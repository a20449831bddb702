import {
  create, fromBinary, toBinary, type DescMessage, type DescMethodUnary, type MessageInitShape, type MessageShape,
} from '@bufbuild/protobuf'
import {
  AgentManifestSchema, Agents as AgentsService, DeployResponseSchema,
  isCaxtonError, type AgentManifest, type DeployResponse, type PeerChannel, type Peers, type SecurityEvents,
} from '../../contract/index.js'
import type { AboutOne } from '../agents/agents-elsewhere.js'
import type { AgentsHere } from '../agents/agents-here.js'
import { decodePair, decodeQuestion, encodePair, encodeQuestion } from './agent-question.js'
import { NodeLeaving, QuestionMalformed } from './moving-errors.js'

/** What is done with an agent of this node. */
type OwnAgents = Pick<
  AgentsHere, 'deploy' | 'inspect' | 'start' | 'stop' | 'promote' | 'rollback' | 'quarantine' | 'release' | 'remove'
>

/** What {@link AgentForwarding} works with. */
export interface ForwardingParts {
  readonly self: string
  readonly peers: Pick<Peers, 'channel'>
  readonly here: OwnAgents
  /** Whether this node takes no agents any more. */
  readonly isLeaving: () => boolean
  readonly events: SecurityEvents
}

/** Who asks, and for how long. */
export interface Asker {
  readonly caller: string
  readonly signal: AbortSignal
}

/** `about` is called once it is known which agent a change is about. */
type Answer = (body: Uint8Array, about: (agent: string) => void) => Promise<Uint8Array>

/**
 * Has operations carried out by the node that hosts their agent, and carries out those of others. What comes from another node is never
 * passed on to a third: the asker's registry was late, and it is told that the agent is not here.
 */
export class AgentForwarding {
  readonly #channel: PeerChannel
  readonly #answers: ReadonlyMap<string, Answer>

  /** Takes its channel, which must happen before this node is made known to others. */
  constructor (private readonly parts: ForwardingParts) {
    const { here, peers } = parts
    const { inspect, start, stop, promote, rollback, quarantine, release, remove } = AgentsService.method
    this.#answers = new Map([
      ['deploy', (body, about) => this.#deployHere(body, about)],
      // A look at an agent changes nothing, and is on record where it was asked for.
      [inspect.localName, body => answerOf(inspect, request => here.inspect(request))[1](body, () => {})],
      answerOf(start, request => here.start(request)),
      answerOf(stop, request => here.stop(request)),
      answerOf(promote, request => here.promote(request)),
      answerOf(rollback, request => here.rollback(request)),
      answerOf(quarantine, request => here.quarantine(request)),
      answerOf(release, request => here.release(request)),
      answerOf(remove, request => here.remove(request)),
    ])
    this.#channel = peers.channel('agents', { asked: (nodeId, bytes) => this.#asked(nodeId, bytes) })
  }

  /** Throws what happened there, or `PEER_UNREACHABLE`. */
  async carry<I extends AboutOne, O extends DescMessage> (
    nodeId: string, method: DescMethodUnary<I, O>, request: MessageShape<I>, asker: Asker,
  ): Promise<MessageShape<O>> {
    return read(method.output, await this.#ask(nodeId, method.localName, toBinary(method.input, request), asker))
  }

  /** Deploys an agent on a node, this one included. Throws as a deployment does, `CLUSTER_NODE_LEAVING` or `PEER_UNREACHABLE`. */
  async deploy (nodeId: string, manifest: AgentManifest, module: Uint8Array, asker: Asker): Promise<DeployResponse> {
    const { self, here } = this.parts
    if (nodeId === self) return create(DeployResponseSchema, await here.deploy(manifest, module))
    const body = encodePair(toBinary(AgentManifestSchema, manifest), module)
    return read(DeployResponseSchema, await this.#ask(nodeId, 'deploy', body, asker))
  }

  #ask (nodeId: string, what: string, body: Uint8Array, { caller, signal }: Asker): Promise<Uint8Array> {
    return this.#channel.ask(nodeId, encodeQuestion({ what, caller, body }), signal)
  }

  async #asked (nodeId: string, bytes: Uint8Array): Promise<Uint8Array> {
    const { what, caller, body } = decodeQuestion(bytes)
    const answer = this.#answers.get(what)
    if (answer === undefined) throw QuestionMalformed({ problem: `nothing is known of "${what.slice(0, 64)}"` })
    let agent: string | undefined
    const note = (result: 'ok' | 'refused', because = ''): void => {
      if (agent === undefined) return
      this.parts.events.note({
        what: 'operation-for-node', resource: agent, result, because: `${what} for ${caller}, through ${nodeId}${because}`,
      })
    }
    try {
      const answered = await answer(body, name => { agent = name })
      note('ok')
      return answered
    } catch (error) {
      note('refused', `: ${isCaxtonError(error) ? error.code : 'it failed'}`)
      throw error
    }
  }

  async #deployHere (body: Uint8Array, about: (agent: string) => void): Promise<Uint8Array> {
    const { self, here, isLeaving } = this.parts
    if (isLeaving()) throw NodeLeaving({ nodeId: self })
    const [manifest, module] = decodePair(body)
    const wanted = read(AgentManifestSchema, manifest)
    about(wanted.name)
    return toBinary(DeployResponseSchema, create(DeployResponseSchema, await here.deploy(wanted, new Uint8Array(module))))
  }
}

/** How an operation on one agent is answered to another node. */
function answerOf<I extends AboutOne, O extends DescMessage> (
  { localName, input, output }: DescMethodUnary<I, O>, here: (request: MessageShape<I>) => Promise<MessageInitShape<O>>,
): [string, Answer] {
  return [localName, async (body, about) => {
    const request = read(input, body)
    about(request.name)
    return toBinary(output, create(output, await here(request)))
  }]
}

function read<M extends DescMessage> (schema: M, bytes: Uint8Array): MessageShape<M> {
  try {
    return fromBinary(schema, bytes)
  } catch (cause) {
    throw QuestionMalformed({ problem: `it is no ${schema.name}` }, { cause })
  }
}
