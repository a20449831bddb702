/** Who is restarted when a member of a group misbehaved: itself, all, or itself and those after it. */
export const GROUP_STRATEGIES = ['one-for-one', 'one-for-all', 'rest-for-one'] as const
export type GroupStrategy = typeof GROUP_STRATEGIES[number]

/** An agent's place in its supervision group. */
export interface GroupPlace {
  readonly name: string
  readonly strategy: GroupStrategy
  readonly order: number
}

/** A member as the rules see it. */
export interface GroupMember {
  readonly name: string
  readonly plan: { readonly group?: GroupPlace | undefined }
}

/** Members in the order in which they are restarted; those with the same order by name. */
export function inOrder<M extends GroupMember> (members: Iterable<M>): M[] {
  return [...members].sort((one, other) => orderOf(one) - orderOf(other) || (one.name < other.name ? -1 : 1))
}

/** Those of a group, in order, who share the fate of one of them; itself included. */
export function sharing<M extends GroupMember> (member: M, members: Iterable<M>): M[] {
  switch (member.plan.group?.strategy) {
    case 'one-for-all': return inOrder(members)
    case 'rest-for-one': {
      const all = inOrder(members)
      return all.slice(Math.max(0, all.indexOf(member)))
    }
    default: return [member]
  }
}

const orderOf = ({ plan: { group } }: GroupMember): number => group?.order ?? 0
