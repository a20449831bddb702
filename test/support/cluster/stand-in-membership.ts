import type { ClusterView, Member, MemberChange, Membership } from '../../../kernel/contract/index.js'

/** A node as the membership tells of it. */
export const memberOf = (nodeId: string, more: Partial<Member> = {}): Member => ({
  nodeId, host: '127.0.0.1', gossipPort: 7946, state: 'alive', incarnation: 1, since: 1000, isCaxton: true, zone: 'a', version: '0.1.0',
  roads: [], roundTrip: undefined, ...more,
})

/** A membership that says what a test puts into it, and keeps what it was asked to do. The first member is this node. */
export class StandInMembership implements Membership {
  readonly done: string[] = []
  readonly #changed = new Set<(change: MemberChange) => void>()
  readonly #viewed = new Set<(view: ClusterView) => void>()
  standing: ClusterView = { standing: 'normal', since: 1000, admitted: 1, reachable: 1, isWritable: true }

  constructor (private readonly list: readonly [Member, ...Member[]]) {
    this.standing = { ...this.standing, admitted: list.length, reachable: list.length }
  }

  self (): Member {
    return this.list[0]
  }

  members (): readonly Member[] {
    return this.list
  }

  member (nodeId: string): Member | undefined {
    return this.list.find(member => member.nodeId === nodeId)
  }

  view (): ClusterView {
    return this.standing
  }

  onChange (changed: (change: MemberChange) => void, signal: AbortSignal): void {
    this.#changed.add(changed)
    signal.addEventListener('abort', () => this.#changed.delete(changed))
  }

  onView (changed: (view: ClusterView) => void, signal: AbortSignal): void {
    this.#viewed.add(changed)
    signal.addEventListener('abort', () => this.#viewed.delete(changed))
  }

  /** How many still listen. */
  get listeners (): number {
    return this.#changed.size + this.#viewed.size
  }

  happen (change: MemberChange): void {
    for (const changed of this.#changed) changed(change)
  }

  stand (view: Partial<ClusterView>): void {
    this.standing = { ...this.standing, ...view }
    for (const changed of this.#viewed) changed(this.standing)
  }

  advertise (): void {}
  reconciled (): void {}
  doubt (): void {}
  whisper (): void {}

  async join (seeds: readonly string[]): Promise<number> {
    this.done.push(`join ${seeds.join(' ')}`)
    return 2
  }

  async leave (): Promise<void> {
    this.done.push('leave')
  }

  async remove (nodeId: string, force: boolean): Promise<void> {
    this.done.push(`remove ${nodeId} ${force}`)
  }

  async ping (nodeId: string): Promise<number> {
    this.done.push(`ping ${nodeId}`)
    return 0.25
  }
}
