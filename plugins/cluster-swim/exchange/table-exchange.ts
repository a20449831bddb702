import type { Drops } from '../drops.js'
import type { MemberRecord } from '../members/member-record.js'
import type { MemberRules } from '../members/member-rules.js'
import type { MemberTable } from '../members/member-table.js'
import type { Address } from '../network/network.js'
import type { Roster } from '../partition/roster.js'
import { decodeRoster } from '../partition/roster-record.js'
import type { SerfLayer } from '../serf/serf-layer.js'
import type { NodeRecord, PushPull, StreamMessage } from '../wire/messages.js'
import type { Exchanges } from './exchanges.js'
import { joinUserState, splitUserState } from './user-state.js'
import { incompatibility } from './version-check.js'

export interface TableParts {
  readonly me: MemberRecord
  readonly table: MemberTable
  readonly rules: MemberRules
  readonly roster: Roster
  readonly serf: SerfLayer
  readonly drops: Drops
  /** Another believes something else of this node: it hears of it itself, and is probed. */
  question (record: MemberRecord): void
}

/** Compares all that two nodes know (push/pull, memberlist §4.3 and §4.4). */
export class TableExchange {
  /** Set when the node is put together, because connections are answered by it. */
  exchanges: Exchanges | undefined

  constructor (private readonly parts: TableParts) {}

  /** As the one who dials. Rejects with an error that says why in plain words. */
  async compare (to: Address, join: boolean, wait?: number, signal?: AbortSignal): Promise<void> {
    if (this.exchanges === undefined) throw new Error('this node has not started')
    const answer = await this.exchanges.ask(to, this.#ours(join), wait, signal)
    if (answer.kind === 'failure') throw new Error(`it says: ${answer.reason}`)
    if (answer.kind !== 'push-pull') throw new Error('its answer is none to a join')
    const problem = this.#merge(to, answer)
    if (problem !== undefined) throw new Error(problem)
  }

  /** As the one who was dialled: first says what it knows, then learns. */
  answer (from: Address, theirs: PushPull): StreamMessage {
    const problem = incompatibility(this.parts.table.all(), theirs.nodes)
    if (problem !== undefined) {
      this.parts.drops.note(from, 'incompatible', problem)
      return { kind: 'failure', reason: problem }
    }
    const ours = this.#ours(theirs.join)
    this.#merge(from, theirs)
    return ours
  }

  #ours (join: boolean): PushPull {
    const { table, serf, roster } = this.parts
    const nodes = [...table.all()].map(record => record.asNodeRecord())
    return { kind: 'push-pull', join, nodes, userState: joinUserState(serf.state(), roster.encode()) }
  }

  #merge (from: Address, { nodes, userState }: PushPull): string | undefined {
    const { table, roster, serf, drops } = this.parts
    const problem = incompatibility(table.all(), nodes)
    if (problem !== undefined) {
      drops.note(from, 'incompatible', problem)
      return problem
    }
    const state = splitUserState(userState)
    const records = state.roster === undefined ? [] : decodeRoster(state.roster)
    if (records === undefined) drops.note(from, 'malformed', 'its list of the cluster\'s nodes can\'t be read')
    else roster.merge(records)
    for (const node of nodes) this.#take(node)
    serf.merge(state.serf)
    return undefined
  }

  #take (told: NodeRecord): void {
    const { me, rules, table } = this.parts
    const { node, incarnation } = told
    const known = table.get(node)
    if (told.state === 'alive') {
      const { host, meta, versions } = told
      rules.alive({ kind: 'alive', node, incarnation, host, port: told.port || me.port, meta, versions })
      if (known?.state === 'dead' && known !== me) this.parts.question(known)
    } else if (told.state === 'left') rules.dead({ kind: 'dead', node, incarnation, from: node })
    else if (told.state === 'suspect' || known === me) rules.suspect({ kind: 'suspect', node, incarnation, from: me.name })
    // Somebody takes it for dead. Rather than to suspect it on hearsay, which everybody would hear of, it is asked itself.
    else if (known?.state === 'alive' && incarnation >= known.incarnation) this.parts.question(known)
  }
}
