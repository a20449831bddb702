import type { ClusterView, Logger, MemberChange } from '../../kernel/contract/index.js'

const SENTENCES = {
  joined: 'joined', updated: 'says something new of itself', suspected: 'is suspected to be dead', died: 'is dead', back: 'is back',
  left: 'left', removed: 'was removed',
} as const

/** Tells the operator in the log what happens in the cluster. */
export class Narrator {
  #standing = 'normal'
  #warnedOf = 0
  readonly #dead = new Set<string>()

  constructor (private readonly log: Logger) {}

  changed ({ kind, member, because }: MemberChange): void {
    const sentence = `node "${member.nodeId}" ${SENTENCES[kind]}${because === '' ? '' : `: ${because}`}`
    const wasDead = this.#dead.delete(member.nodeId)
    if (kind === 'died') {
      this.#dead.add(member.nodeId)
      this.log.warn(sentence)
    } else if (kind === 'suspected' || kind === 'updated' || (kind === 'back' && !wasDead)) this.log.debug(sentence)
    else this.log.info(sentence)
  }

  viewed ({ standing, admitted, reachable }: ClusterView): void {
    if (admitted % 2 === 0 && admitted !== this.#warnedOf) {
      this.#warnedOf = admitted
      this.log.warn(`the cluster has ${admitted} nodes, an even number: when it splits in half, both halves become read-only. `
        + 'Add a node, or let `tie_breaker` name one whose half goes on')
    }
    if (standing === this.#standing) return
    this.#standing = standing
    const seen = `${reachable} of ${admitted} nodes`
    if (standing === 'minority') this.log.error(`this node stands with a minority, ${seen}: it is read-only`)
    else if (standing === 'majority') this.log.warn(`this node stands with the majority, ${seen}`)
    else if (standing === 'unstable') this.log.warn(`nodes are out of sight: ${seen} are reached`)
    else if (standing === 'reconciling') this.log.info(`nodes are back, ${seen}: what was written apart is put together`)
    else this.log.info(`all ${admitted} nodes are in sight`)
  }
}
