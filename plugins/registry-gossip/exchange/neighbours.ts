import type { Member, Membership, Random } from '../../../kernel/contract/index.js'

/** As much of the membership as is needed here. */
export type KnownMembers = Pick<Membership, 'member' | 'members'>

/** The other Caxton nodes, as far as they live. */
export class Neighbours {
  constructor (private readonly membership: KnownMembers, private readonly random: Random, private readonly selfId: string) {}

  isAlive (nodeId: string): boolean {
    const member = this.membership.member(nodeId)
    return member !== undefined && isLiving(member)
  }

  living (): string[] {
    const members = this.membership.members()
    return members.filter(member => member.nodeId !== this.selfId && isLiving(member)).map(({ nodeId }) => nodeId)
  }

  /** Some of them, each another one. */
  some (count: number): string[] {
    const left = this.living()
    const chosen: string[] = []
    while (chosen.length < count && left.length > 0) chosen.push(...left.splice(Math.floor(this.random.fraction() * left.length), 1))
    return chosen
  }
}

/** Who is suspected may well live: it gets news as long as it is not dead. */
function isLiving ({ isCaxton, state }: Member): boolean {
  return isCaxton && (state === 'alive' || state === 'suspect')
}
