import { setTimeout as pause } from 'node:timers/promises'
import { parentPort, type MessagePort } from 'node:worker_threads'
import { socketNode, type SocketNode } from '../../test/support/cluster-swim/socket-node.js'

const PATIENCE = 30_000
const GLANCE = 50

/** What a thread full of nodes is told to do. Each is answered when it is done, with an error's text when it does not come about. */
export type CrowdOrder =
  | { readonly act: 'join', readonly from: number, readonly count: number, readonly seeds: readonly string[] }
  | { readonly act: 'see-alive', readonly count: number }
  | { readonly act: 'be-calm' }
  | { readonly act: 'crash', readonly nodeId: string }
  | { readonly act: 'see-gone', readonly nodeId: string }
  | { readonly act: 'stop' }

export interface CrowdAnswer {
  readonly error?: string
  /** Address of the thread's first node. */
  readonly seed: string
  /** How often a node took another one for dead that was not to die. */
  readonly wronged: number
}

/** The nodes of one thread. */
class Crowd {
  readonly #nodes: SocketNode[] = []
  readonly #dead = new Set<string>()
  readonly #over = new AbortController()
  #wronged = 0

  constructor (private readonly port: MessagePort) {}

  listen (): void {
    this.port.on('message', (order: CrowdOrder) => {
      const answer = (error?: string): void => {
        const [first] = this.#nodes
        const told: CrowdAnswer = { ...error === undefined ? {} : { error }, seed: first?.seed ?? '', wronged: this.#wronged }
        this.port.postMessage(told)
        if (order.act === 'stop') this.port.close()
      }
      this.#carryOut(order).then(() => { answer() }, (error: unknown) => { answer(error instanceof Error ? error.message : String(error)) })
    })
  }

  async #carryOut (order: CrowdOrder): Promise<void> {
    switch (order.act) {
      case 'join': {
        const { from, count, seeds } = order
        const starting = Array.from({ length: count }, (_, index) => socketNode(`node-${from + index}`, { seeds: [...seeds] }))
        this.#nodes.push(...await Promise.all(starting))
        return
      }
      case 'see-alive':
        await this.#all(order.act, ({ swim }) => swim.members().filter(({ state }) => state === 'alive').length === order.count)
        for (const { swim } of this.#nodes) {
          swim.onChange(({ kind, member: { nodeId } }) => {
            if (kind === 'died' && !this.#dead.has(nodeId)) this.#wronged += 1
          }, this.#over.signal)
        }
        return
      case 'be-calm':
        return this.#all(order.act, ({ swim }) =>
          swim.view().standing !== 'unstable' && swim.members().every(({ state }) => state !== 'suspect'))
      case 'crash': {
        this.#dead.add(order.nodeId)
        const index = this.#nodes.findIndex(({ swim }) => swim.self().nodeId === order.nodeId)
        const [victim] = index < 0 ? [] : this.#nodes.splice(index, 1)
        return victim?.swim.stop()
      }
      case 'see-gone': return this.#all(order.act, ({ swim }) => {
        const state = swim.member(order.nodeId)?.state
        return state !== 'alive' && state !== 'suspect'
      })
      case 'stop':
        this.#over.abort()
        await Promise.all(this.#nodes.map(({ swim }) => swim.stop()))
    }
  }

  /** Waits until it holds for each; it is not asked again of those for which it did. */
  async #all (what: CrowdOrder['act'], holds: (node: SocketNode) => boolean): Promise<void> {
    const end = performance.now() + PATIENCE
    let left = this.#nodes
    while ((left = left.filter(node => !holds(node))).length > 0) {
      if (performance.now() > end) throw new Error(`not within ${PATIENCE / 1000} s: ${what}`)
      await pause(GLANCE)
    }
  }
}

if (parentPort !== null) new Crowd(parentPort).listen()
