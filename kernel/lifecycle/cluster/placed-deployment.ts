import { create, type MessageInitShape } from '@bufbuild/protobuf'
import {
  AgentManifestSchema, Agents as AgentsService, within,
  type AgentManifest, type Clock, type DeployResponse, type DeployResponseSchema, type Logger, type PlaceableNode, type Placement,
  type PlacementWish,
} from '../../contract/index.js'
import { AgentAlreadyExists } from '../agents/agent-errors.js'
import { replicaNames, wishOf, wishWords } from '../agents/placement-terms.js'
import type { AgentForwarding, Asker } from './agent-forwarding.js'
import { NodeLeaving, PlacementImpossible } from './moving-errors.js'
import type { NameKeeper } from './name-keeper.js'
import { sideBySide } from './side-by-side.js'

/** How long until the registry surely knows of an agent that was placed on another node, in milliseconds. */
const UNKNOWN = 1_000
/** Replicas that are deployed at once, and milliseconds to take one back. */
const AT_ONCE = 4
const TAKING_BACK = 30_000

/** What {@link PlacedDeployment} works with. */
export interface PlacedDeploymentParts {
  readonly self: string
  readonly forwarding: Pick<AgentForwarding, 'deploy' | 'carry'>
  readonly names: Pick<NameKeeper, 'take'>
  /** Undefined: agents run where they are deployed. */
  readonly placement: Pick<Placement, 'choose'> | undefined
  /** Nodes that can run agents, this one included. */
  readonly nodes: () => readonly PlaceableNode[]
  /** The node that hosts an agent, this one included. */
  readonly nodeOf: (name: string) => string | undefined
  readonly isLeaving: () => boolean
  readonly clock: Clock
  readonly log: Logger
}

type Outcome = { readonly node: string, readonly answer: DeployResponse } | { readonly error: unknown }
type Answer = MessageInitShape<typeof DeployResponseSchema>

/** Deploys agents on the nodes where they are wanted: new ones where the placement says, new versions where the agent is. */
export class PlacedDeployment {
  /** Agents that were just placed on other nodes. */
  #recent: Array<{ readonly node: string, readonly at: number }> = []

  constructor (private readonly parts: PlacedDeploymentParts) {}

  /** Throws as a deployment on one node does, `PLACEMENT_IMPOSSIBLE`, `CLUSTER_NODE_LEAVING` or `PEER_UNREACHABLE`. */
  async deploy (manifest: AgentManifest, module: Uint8Array, asker: Asker): Promise<Answer> {
    const wish = wishOf(manifest)
    const names = replicaNames(manifest)
    if ((manifest.placement?.replicas ?? 0) > 0) return await this.#replicas(manifest, names, module, wish, asker)
    return (await this.#one(manifest, module, wish, undefined, asker)).answer
  }

  /** All of them, or none: those that were new are taken back when one fails. */
  async #replicas (
    manifest: AgentManifest, names: readonly string[], module: Uint8Array, wish: PlacementWish, asker: Asker,
  ): Promise<Answer> {
    const nodes = this.#spreadOver(manifest.name, names, wish)
    const deploy = async (name: string): Promise<Outcome> => {
      const one = create(AgentManifestSchema, { ...manifest, name })
      return await this.#one(one, module, wish, nodes.get(name), asker).catch((error: unknown) => ({ error }))
    }
    const done: Array<{ readonly node: string, readonly answer: DeployResponse }> = []
    const failed = new AbortController()
    let problem: { readonly error: unknown } | undefined
    for await (const outcome of sideBySide(names, AT_ONCE, deploy, failed.signal)) {
      if (!('error' in outcome)) {
        done.push(outcome)
        continue
      }
      problem ??= outcome
      failed.abort()
    }
    if (problem !== undefined) {
      await this.#takeBack(done, asker)
      throw problem.error
    }
    const replicas = done.flatMap(({ answer: { agent } }) => agent === undefined ? [] : [agent])
    replicas.sort((one, other) => names.indexOf(one.name) - names.indexOf(other.name))
    return { agent: replicas[0], changed: done.some(({ answer }) => answer.changed), replicas }
  }

  async #one (
    manifest: AgentManifest, module: Uint8Array, wish: PlacementWish, chosen: string | undefined, asker: Asker,
  ): Promise<{ readonly node: string, readonly answer: DeployResponse }> {
    const { names, nodeOf } = this.parts
    const known = nodeOf(manifest.name)
    if (known !== undefined) return await this.#on(known, manifest, module, asker)
    const taken = await names.take(manifest.name, asker.signal)
    let host = taken.host
    try {
      if (host !== undefined) return await this.#on(host, manifest, module, asker)
      const done = await this.#anew(manifest, module, wish, chosen, asker)
      host = done.node
      return done
    } finally {
      taken.free(host)
    }
  }

  /** A node that is about to leave is passed over. */
  async #anew (
    manifest: AgentManifest, module: Uint8Array, wish: PlacementWish, chosen: string | undefined, asker: Asker,
  ): Promise<{ readonly node: string, readonly answer: DeployResponse }> {
    const passedOver = new Set<string>(this.parts.isLeaving() ? [this.parts.self] : [])
    let node = chosen !== undefined && !passedOver.has(chosen) ? chosen : this.#choose(manifest.name, wish, 1, passedOver)[0]
    for (;;) {
      if (node === undefined) throw PlacementImpossible({ agent: manifest.name, wish: wishWords(wish) })
      try {
        if (node !== this.parts.self) this.#recent.push({ node, at: this.parts.clock.elapsed() })
        return await this.#on(node, manifest, module, asker)
      } catch (error) {
        if (!NodeLeaving.is(error)) throw error
        passedOver.add(node)
        node = this.#choose(manifest.name, wish, 1, passedOver)[0]
      }
    }
  }

  async #on (node: string, manifest: AgentManifest, module: Uint8Array, asker: Asker) {
    try {
      return { node, answer: await this.parts.forwarding.deploy(node, manifest, module, asker) }
    } catch (error) {
      throw AgentAlreadyExists.is(error) ? AgentAlreadyExists({ name: manifest.name, node }, { cause: error }) : error
    }
  }

  #choose (name: string, wish: PlacementWish, count: number, but: ReadonlySet<string>): readonly string[] {
    const { placement, self } = this.parts
    const nodes = this.#nodes().filter(({ nodeId }) => !but.has(nodeId))
    if (placement !== undefined) return placement.choose(name, wish, count, nodes)
    const wanted = wish.strategy === 'node' ? wish.node : self
    return nodes.flatMap(({ nodeId }) => nodeId === wanted ? [nodeId] : [])
  }

  #nodes (): readonly PlaceableNode[] {
    const since = this.parts.clock.elapsed() - UNKNOWN
    this.#recent = this.#recent.filter(({ at }) => at > since)
    const placed = new Map<string, number>()
    for (const { node } of this.#recent) placed.set(node, (placed.get(node) ?? 0) + 1)
    return this.parts.nodes().map(node => ({ ...node, agents: node.agents + (placed.get(node.nodeId) ?? 0) }))
  }

  /** Nodes for those that are nowhere yet: first such that have none of them. */
  #spreadOver (name: string, names: readonly string[], wish: PlacementWish): ReadonlyMap<string, string> {
    const { nodeOf } = this.parts
    const missing = names.filter(each => nodeOf(each) === undefined)
    const having = new Set(names.flatMap(each => nodeOf(each) ?? []))
    const fresh = this.#choose(name, wish, missing.length, having)
    const any = this.#choose(name, wish, names.length, new Set())
    const places = new Map<string, string>()
    missing.forEach((each, index) => {
      const node = fresh[index] ?? any[(index - fresh.length) % Math.max(1, any.length)]
      if (node !== undefined) places.set(each, node)
    })
    return places
  }

  async #takeBack (done: ReadonlyArray<{ readonly node: string, readonly answer: DeployResponse }>, { caller }: Asker): Promise<void> {
    const { clock, forwarding, log } = this.parts
    for (const { node, answer: { agent, changed } } of done) {
      if (agent === undefined || !changed || agent.version !== 1) continue
      const request = create(AgentsService.method.remove.input, { name: agent.name })
      await within(clock, TAKING_BACK, undefined, signal =>
        forwarding.carry(node, AgentsService.method.remove, request, { caller, signal })).catch((error: unknown) => {
        log.error('an agent could not be taken back of which another replica failed', { agent: agent.name, node, cause: String(error) })
      })
    }
  }
}
