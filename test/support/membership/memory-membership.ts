import {
  ClusterJoinFailed, ClusterNodeAlive, ClusterNodeSilent, ClusterNodeUnknown,
  type ClusterView, type Member, type MemberChange, type Membership, type NodeRoad, type Whisper,
} from '../../../kernel/contract/index.js'

/** Nodes in one process that hear everything at once. */
export class MemoryRing {
  readonly nodes = new Map<string, MemoryMembership>()
  /** What nodes keep over their ends. */
  readonly incarnations = new Map<string, number>()

  /** Tells every node that is there of another. */
  tell (about: Member, kind: MemberChange['kind'], because = 'it said so'): void {
    for (const node of this.nodes.values()) node.hear(about, kind, because)
  }
}

/** Membership with nothing in between: what the kit promises, in the plainest form. */
export class MemoryMembership implements Membership {
  readonly #known = new Map<string, Member>()
  readonly #admitted: Set<string>
  readonly #changed = new Set<(change: MemberChange) => void>()
  readonly #viewed = new Set<(view: ClusterView) => void>()
  #roads: readonly NodeRoad[] = []
  #whisper: Whisper | undefined
  #view: ClusterView

  constructor (readonly nodeId: string, readonly ring: MemoryRing) {
    ring.incarnations.set(nodeId, (ring.incarnations.get(nodeId) ?? 0) + 1)
    this.#admitted = new Set([nodeId])
    ring.nodes.set(nodeId, this)
    this.#view = this.#look()
  }

  self (): Member {
    return {
      nodeId: this.nodeId, host: '127.0.0.1', gossipPort: 7946, state: 'alive', incarnation: this.ring.incarnations.get(this.nodeId) ?? 0,
      since: 0, isCaxton: true, zone: 'default', version: '0.1.0', roads: this.#roads, roundTrip: undefined,
    }
  }

  members (): readonly Member[] {
    return [this.self(), ...this.#known.values()].toSorted((one, other) => one.nodeId < other.nodeId ? -1 : 1)
  }

  member (nodeId: string): Member | undefined {
    return nodeId === this.nodeId ? this.self() : this.#known.get(nodeId)
  }

  view (): ClusterView {
    return this.#view
  }

  onChange (changed: (change: MemberChange) => void, signal: AbortSignal): void {
    register(this.#changed, changed, signal)
  }

  onView (changed: (view: ClusterView) => void, signal: AbortSignal): void {
    register(this.#viewed, changed, signal)
  }

  advertise (roads: readonly NodeRoad[]): void {
    this.#roads = roads
  }

  reconciled (): void {
    this.#look()
  }

  async join (seeds: readonly string[], signal: AbortSignal): Promise<number> {
    signal.throwIfAborted()
    const found = seeds.flatMap(seed => this.ring.nodes.get(seed) ?? [])
    if (found.length === 0) throw ClusterJoinFailed({ seeds: seeds.join(', '), reason: 'nobody answered' })
    for (const node of this.ring.nodes.values()) {
      node.hear(this.self(), 'joined', 'it joined')
      this.hear(node.self(), 'joined', 'it was there')
    }
    this.whisperRound()
    return found.length
  }

  async leave (): Promise<void> {
    this.ring.nodes.delete(this.nodeId)
    this.ring.tell({ ...this.self(), state: 'left' }, 'left')
  }

  async remove (nodeId: string, force: boolean): Promise<void> {
    const member = this.#known.get(nodeId)
    if (member === undefined) throw ClusterNodeUnknown({ nodeId })
    if (member.state === 'alive' && !force) throw ClusterNodeAlive({ nodeId })
    this.ring.tell(member, 'removed')
  }

  async ping (nodeId: string, signal: AbortSignal): Promise<number> {
    signal.throwIfAborted()
    if (this.member(nodeId) === undefined) throw ClusterNodeUnknown({ nodeId })
    if (!this.ring.nodes.has(nodeId)) throw ClusterNodeSilent({ nodeId, milliseconds: 1 })
    return 0
  }

  doubt (): void {}

  whisper (whisper: Whisper): void {
    this.#whisper = whisper
    this.whisperRound()
  }

  /** What a probe of everybody by everybody would carry. */
  whisperRound (): void {
    const nodes = [...this.ring.nodes.values()]
    for (const from of nodes) for (const to of nodes) if (from !== to) to.#hears(from)
  }

  stop (): void {
    this.#changed.clear()
    this.#viewed.clear()
    this.vanish()
  }

  /** Nobody hears of it any more; the others find out at once. */
  vanish (): void {
    if (this.ring.nodes.get(this.nodeId) !== this) return
    this.ring.nodes.delete(this.nodeId)
    this.ring.tell({ ...this.self(), state: 'dead' }, 'died', 'it does not answer')
  }

  hear (member: Member, kind: MemberChange['kind'], because: string): void {
    const before = this.#known.get(member.nodeId)
    if (member.nodeId === this.nodeId || (before?.state === member.state && kind !== 'removed')) return
    this.#known.set(member.nodeId, member)
    this.#admitted.add(member.nodeId)
    if (kind === 'removed') this.#known.delete(member.nodeId)
    if (kind === 'removed' || kind === 'left') this.#admitted.delete(member.nodeId)
    const change: MemberChange = { kind: kind === 'joined' && before !== undefined ? 'back' : kind, member, because }
    this.#look()
    for (const tell of this.#changed) tell(change)
  }

  #hears (from: MemoryMembership): void {
    if (from.#whisper !== undefined) this.#whisper?.heard(from.nodeId, from.#whisper.tell())
  }

  #look (): ClusterView {
    const admitted = this.#admitted.size
    const reachable = [...this.#admitted].filter(nodeId => this.member(nodeId)?.state === 'alive').length
    const isWritable = reachable * 2 > admitted
    const standing = reachable === admitted ? 'normal' : isWritable ? 'majority' : 'minority'
    this.#view = { standing, since: 0, admitted, reachable, isWritable }
    for (const tell of this.#viewed) tell(this.#view)
    return this.#view
  }
}

function register<T> (listeners: Set<(news: T) => void>, listener: (news: T) => void, signal: AbortSignal): void {
  if (signal.aborted) return
  listeners.add(listener)
  signal.addEventListener('abort', () => { listeners.delete(listener) }, { once: true })
}
