import assert from 'node:assert/strict'
import type { Member, MemberChange, Membership, NodeRoad } from '../../../kernel/contract/index.js'

/** One node that was started and has not made itself known. */
export interface MembershipNode {
  readonly membership: Membership
  /** By which others join through it. */
  readonly seed: string
  /** Ends it as a server does that stops. */
  stop (): Promise<void>
  /** Ends it as a crash would: nobody hears another word of it. */
  vanish (): void
}

/** Nodes that can hear one another, and their time. */
export interface MembershipSubject {
  /** Starts a node. One that ran before under this id comes back with what it had kept. */
  node (nodeId: string): Promise<MembershipNode>
  /** Lets time go by until this holds; rejects when it has gone by for so long that it never will. */
  until (holds: () => boolean): Promise<void>
  /** Lets so much time go by that whatever was to come has come. */
  linger (): Promise<void>
}

/** A node of a test, with what it was told. */
export interface WatchedNode extends MembershipNode {
  readonly id: string
  readonly changes: MemberChange[]
  /** Kinds of what it was told of a node, in order. */
  kinds (nodeId: string): string[]
}

export const ROAD: NodeRoad = { transport: 'kit', driver: 'none', port: 7947 }

export const never = (): AbortSignal => new AbortController().signal

/** A node that makes itself known, and joins the others through the first of them. */
export async function joined (subject: MembershipSubject, id: string, through?: MembershipNode): Promise<WatchedNode> {
  const node = await subject.node(id)
  const changes: MemberChange[] = []
  node.membership.onChange(change => { changes.push(change) }, never())
  node.membership.advertise([ROAD])
  if (through !== undefined) await settled(subject, node.membership.join([through.seed], never()))
  return {
    membership: node.membership, seed: node.seed, id, changes,
    stop: () => node.stop(),
    vanish: () => { node.vanish() },
    kinds: nodeId => changes.filter(({ member }) => member.nodeId === nodeId).map(({ kind }) => kind),
  }
}

/** Nodes that all see one another. */
export async function cluster (subject: MembershipSubject, ...ids: string[]): Promise<WatchedNode[]> {
  const nodes: WatchedNode[] = []
  for (const id of ids) nodes.push(await joined(subject, id, nodes[0]))
  await subject.until(() => nodes.every(node => ids.every(id => sees(node, id) === 'alive')))
  return nodes
}

export const sees = ({ membership }: MembershipNode, nodeId: string): Member['state'] | undefined => membership.member(nodeId)?.state

/** Lets time go by until a promise has settled, and gives what came of it. */
export async function settled<T> (subject: MembershipSubject, work: Promise<T>): Promise<T> {
  let isSettled = false
  const end = (): void => { isSettled = true }
  work.then(end, end)
  await subject.until(() => isSettled)
  return await work
}

export async function refuses (code: string, work: Promise<unknown>): Promise<void> {
  await assert.rejects(work, (error: unknown) => {
    assert.equal(error instanceof Error && 'code' in error ? error.code : error, code)
    return true
  })
}
