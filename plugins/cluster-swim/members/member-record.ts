import type { Member, MemberState } from '../../../kernel/contract/index.js'
import type { Address } from '../network/network.js'
import type { NodeRecord, Versions } from '../wire/messages.js'
import { fingerprint } from './fingerprint.js'
import { FOREIGNER, type NodeDescription } from './node-description.js'
import type { Suspicion } from './suspicion.js'

const NOTHING = new Uint8Array()

/** One node, as this one knows it. Only {@link MemberRules} changes what it believes of it. */
export class MemberRecord implements Address {
  host: string
  port: number
  incarnation = 0
  state: MemberState = 'dead'
  /** When it got its state: by the clock that never goes back, and by the wall. */
  changedAt = 0
  changedAtWall = 0
  meta: Uint8Array = NOTHING
  description: NodeDescription = FOREIGNER
  versions: Versions | undefined
  suspicion: Suspicion | undefined
  roundTrip: number | undefined
  /** When it last answered this node itself. */
  answeredAt = -Infinity

  /** Of the name, for digests. */
  readonly nameHash: number

  constructor (readonly name: string, { host, port }: Address) {
    this.nameHash = fingerprint(name)
    this.host = host
    this.port = port
  }

  /** Whether it is taken for one that runs. */
  get isUp (): boolean {
    return this.state === 'alive' || this.state === 'suspect'
  }

  get isCaxton (): boolean {
    return this.description.isCaxton
  }

  asMember (): Member {
    const { isCaxton, zone, version, roads } = this.description
    return {
      nodeId: this.name, host: this.host, gossipPort: this.port, state: this.state, incarnation: this.incarnation,
      since: this.changedAtWall, isCaxton, zone, version, roads, roundTrip: this.roundTrip,
    }
  }

  asNodeRecord (): NodeRecord {
    const { name, host, port, meta, incarnation, state, versions } = this
    return { node: name, host, port, meta, incarnation, state, versions }
  }
}
