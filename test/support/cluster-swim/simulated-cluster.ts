import type { ClusterView, MemberChange, Store } from '../../../kernel/contract/index.js'
import { clusterStore } from '../../../plugins/cluster-swim/cluster-store.js'
import type { Address } from '../../../plugins/cluster-swim/network/network.js'
import type { SwimSettings } from '../../../plugins/cluster-swim/settings.js'
import { SwimNode } from '../../../plugins/cluster-swim/swim-node.js'
import type { ExpelReason, SwimNeeds } from '../../../plugins/cluster-swim/swim-needs.js'
import { MemoryStore } from '../../../plugins/store-memory/memory-store.js'
import { EventScheduler } from '../event-scheduler.js'
import { noMetrics } from '../quiet-context.js'
import { RecordingLogger } from '../recording-logger.js'
import { SeededRandom } from '../seeded-random.js'
import { SimulatedNetwork, type Weather } from './simulated-network.js'
import { StallingClock } from './stalling-clock.js'

/** As the configuration's defaults have them. */
export const SETTINGS: SwimSettings = {
  probeInterval: 300, probeTimeout: 120, indirectProbes: 3, suspicionMultiplier: 4, suspicionMaxMultiplier: 2, suspicionMin: 2200,
  retransmitMultiplier: 4, gossipInterval: 100, gossipFanout: 3, gossipToDead: 30_000, pushPullInterval: 1000, fullSyncInterval: 30_000,
  streamTimeout: 10_000, reclaimAfter: 5000, forgetAfter: 86_400_000, redialInterval: 1500, lagLimit: 100, packetSize: 1400,
}

/** Something that a node saw, when. */
export interface Seen {
  readonly at: number
  readonly by: string
  readonly change: MemberChange
}

export interface SimulatedNode {
  readonly name: string
  readonly address: Address
  readonly clock: StallingClock
  readonly store: Store
  readonly log: RecordingLogger
  readonly swim: SwimNode
  readonly views: ClusterView[]
  readonly expelled: ExpelReason[]
}

export interface NodeOptions {
  readonly host?: string
  readonly seeds?: readonly string[]
  readonly store?: Store
  readonly needs?: Partial<SwimNeeds>
  /** Does not make itself known when it starts. */
  readonly isSilent?: boolean
}

/** Many nodes in one process and virtual time. What happens follows from the seed alone. */
export class SimulatedCluster {
  readonly time = new EventScheduler()
  readonly network: SimulatedNetwork
  readonly nodes = new Map<string, SimulatedNode>()
  readonly seen: Seen[] = []
  readonly #random: SeededRandom
  #hosts = 0

  constructor (readonly seed: number) {
    this.#random = new SeededRandom(seed)
    this.network = new SimulatedNetwork(this.time, new SeededRandom(seed ^ 0x5bd1e995))
  }

  /** `node-1` and so on. */
  async start (count: number): Promise<void> {
    for (let number = 1; number <= count; number++) {
      await this.add(`node-${number}`, number === 1 ? {} : { seeds: ['10.0.0.1:7946'] })
    }
  }

  async add (
    name: string, { host, seeds = [], store = newStore(), needs = {}, isSilent = false }: NodeOptions = {},
  ): Promise<SimulatedNode> {
    this.#hosts += 1
    const address = { host: host ?? `10.0.${this.#hosts >> 8}.${this.#hosts & 255}`, port: 7946 }
    const clock = new StallingClock(this.time)
    const log = new RecordingLogger()
    await store.migrate(clusterStore)
    const random = new SeededRandom(Math.floor(this.#random.fraction() * 2 ** 32))
    const views: ClusterView[] = []
    const expelled: ExpelReason[] = []
    const network = this.network.at(address, clock)
    const swim = new SwimNode({
      name, zone: 'a', version: '0.1.0', network, clock, random, store, log, metrics: noMetrics, settings: SETTINGS,
      wire: { label: '', keyRing: undefined, verifyIncoming: true, verifyOutgoing: true, compression: false, random },
      keys: { install: () => 'none', use: () => 'none', remove: () => 'none', list: () => [] },
      seeds, seedPort: 7946, lookup: { addresses: async () => [], services: async () => [] },
      standing: { stableAfter: 3000, tieBreaker: undefined }, expectedNodes: 0, isFounder: seeds.length === 0, ...needs,
    }, address, {
      changed: change => { this.seen.push({ at: this.time.elapsed(), by: name, change }) },
      view: view => { views.push(view) },
      expelled: why => { expelled.push(why) },
    })
    await network.open(swim.networkEvents)
    await swim.start()
    if (!isSilent) swim.advertise([{ transport: 'tcp', driver: 'tls', port: 7947 }])
    const node = { name, address, clock, store, log, swim, views, expelled }
    this.nodes.set(name, node)
    return node
  }

  node (name: string): SimulatedNode {
    const node = this.nodes.get(name)
    if (node === undefined) throw new Error(`there is no ${name}`)
    return node
  }

  /** As by `kill -9`. */
  kill (name: string): void {
    const { clock, address } = this.node(name)
    clock.kill()
    this.network.unplug(address)
    this.nodes.delete(name)
  }

  async stop (): Promise<void> {
    await Promise.all([...this.nodes.values()].map(async ({ swim }) => swim.stop()))
  }

  /** Nodes in two groups by this rule hear nothing of one another. */
  split (sideOf: (host: string) => unknown): void {
    this.weather({ loss: 0 }, (from, to) => sideOf(from) === sideOf(to) ? undefined : { loss: 1, latency: [0.2, 2] })
  }

  weather (
    { loss = 0, latency = [0.2, 2] }: Partial<Weather>, but: (from: string, to: string) => Weather | undefined = () => undefined,
  ): void {
    const usual: Weather = { loss, latency }
    this.network.weather = (from, to) => but(from, to) ?? usual
  }

  /** Lets time go by until this holds; answers how long it took. Throws after `most` milliseconds. */
  async until (holds: () => boolean, most: number, what: string): Promise<number> {
    const began = this.time.elapsed()
    while (!holds()) {
      if (this.time.elapsed() - began > most) throw new Error(`not within ${most} ms: ${what} (seed ${this.seed})`)
      await this.time.pass(50)
    }
    return this.time.elapsed() - began
  }

  /** Whether every node takes every other one for alive. */
  isComplete (): boolean {
    const names = [...this.nodes.keys()]
    return [...this.nodes.values()].every(({ swim }) => names.every(name => swim.member(name)?.state === 'alive'))
  }

  /** What was seen of this kind since then. */
  changes (kind: MemberChange['kind'], since = 0): Seen[] {
    return this.seen.filter(({ at, change }) => at >= since && change.kind === kind)
  }
}

const newStore = (): Store => new MemoryStore({ max_size: 2 ** 26 }).scopeFor('cluster-swim')
