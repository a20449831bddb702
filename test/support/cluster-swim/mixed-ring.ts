import { setTimeout } from 'node:timers/promises'
import type { ClusterConfig } from '../../../plugins/cluster-swim/cluster-config.js'
import { until } from '../until.js'
import { SerfAgent } from './serf-agent.js'
import { socketNode, type SocketNode } from './socket-node.js'

/** How long the ring may take to agree, in milliseconds. Serf's LAN profile finds out about a death in six seconds. */
const PATIENCE = 25_000
/** How often Serf is asked: each time costs a process. */
const INTERVAL = 150

/** Agents of Serf and nodes of ours in one ring, on loopback addresses of its own; all end with the test. */
export class MixedRing {
  readonly #agents: SerfAgent[] = []
  readonly #nodes: SocketNode[] = []
  #hosts = 0

  /** `network`: the first three bytes of its addresses, which no other file uses. */
  constructor (private readonly network: string) {}

  async agent (name: string, ...words: readonly string[]): Promise<SerfAgent> {
    const agent = await SerfAgent.start(name, this.#host(), words)
    this.#agents.push(agent)
    return agent
  }

  /** `key` in base64. */
  async node (name: string, config: Partial<ClusterConfig> = {}, key?: string): Promise<SocketNode> {
    const node = await socketNode(name, { host: this.#host(), ...config }, key)
    this.#nodes.push(node)
    return node
  }

  /** Waits until the agent shows exactly these: `one alive, two left`. */
  async serfSees (agent: SerfAgent, expected: string): Promise<void> {
    let seen = ''
    try {
      await until(async () => {
        seen = await agent.statuses()
        if (seen !== expected) await setTimeout(INTERVAL)
        return seen === expected
      }, PATIENCE)
    } catch (error) {
      throw new Error(`${agent.name} sees ${seen}, not ${expected}; it wrote:\n${agent.output}`, { cause: error })
    }
  }

  /** Waits until our node sees exactly these: `one alive, two dead`. */
  async weSee ({ swim }: SocketNode, expected: string): Promise<void> {
    const seen = (): string => swim.members().map(({ nodeId, state }) => `${nodeId} ${state}`).join(', ')
    try {
      await until(() => seen() === expected, PATIENCE)
    } catch (error) {
      throw new Error(`it sees ${seen()}, not ${expected}`, { cause: error })
    }
  }

  /** Where the agent says that it doubted a node, or met with an error: but for how the commands that asked it something hung up. */
  doubts (agent: SerfAgent, node: string): string[] {
    return agent.output.split('\n').filter(line =>
      line.includes(`Suspect ${node}`) || (line.includes('[ERR]') && !line.includes('[ERR] agent.ipc:')))
  }

  /** Stops all without a goodbye. */
  async end (): Promise<void> {
    await Promise.all([...this.#nodes.map(({ swim }) => swim.stop()), ...this.#agents.map(agent => agent.kill())])
    this.#nodes.length = 0
    this.#agents.length = 0
  }

  #host (): string {
    this.#hosts += 1
    return `${this.network}.${this.#hosts}`
  }
}
