import type { Clock } from '../../../kernel/contract/index.js'
import type { Head, Owner } from '../records/owner.js'
import type { RegistryTable } from '../records/registry-table.js'
import type { LogIntake } from './log-intake.js'
import type { Neighbours } from './neighbours.js'
import type { OwnLog } from './own-log.js'
import type { Puller } from './puller.js'

/** Compares what others say of logs with what is here, and has fetched what is missing or wrong. */
export class HeadReview {
  constructor (
    private readonly own: OwnLog, private readonly table: RegistryTable, private readonly intake: LogIntake,
    private readonly puller: Puller, private readonly neighbours: Neighbours, private readonly clock: Clock,
    private readonly disputed: (epoch: number) => void,
  ) {}

  head (head: Head, source: string): void {
    if (head.nodeId === this.own.owner.nodeId) {
      if (this.own.isDisputed(head)) this.disputed(head.epoch)
      return
    }
    const owner = this.table.own(head.nodeId)
    if (!owner || (source !== head.nodeId && head.epoch <= owner.forgottenEpoch)) return
    if (source === head.nodeId) owner.heardAt = this.clock.now()
    if (head.epoch > owner.epoch && head.sequence === 0) this.intake.begin(owner, head.epoch)
    else if (head.epoch === owner.epoch && head.sequence === owner.tail.last) this.#compare(owner, head, source)
    else if (owner.isBehind(head)) this.puller.want(owner, head, source)
    if (source === head.nodeId && !owner.isBehind(head)) this.puller.acquit(owner)
  }

  /** Nothing is missing, but the records may be wrong, here or there: the owner knows. */
  #compare (owner: Owner, head: Head, source: string): void {
    if (owner.load) return
    if (head.hash === owner.records.contentHash) {
      owner.isWhole = true
    } else if (source === owner.nodeId) {
      owner.isWhole = false
      this.puller.want(owner, head, source, true)
    } else if (this.neighbours.isAlive(owner.nodeId)) {
      this.puller.want(owner, head, owner.nodeId)
    } else if (!owner.isWhole || owner.records.contentHash < head.hash) {
      // Nobody knows any more. All choose alike, so that they agree.
      this.puller.want(owner, head, source, true)
    }
  }
}
