import type { MemberChange } from '../../kernel/contract/index.js'
import { Drops } from './drops.js'
import { Exchanges } from './exchange/exchanges.js'
import { Seeds } from './exchange/seeds.js'
import { TableExchange } from './exchange/table-exchange.js'
import { OUR_VERSIONS } from './exchange/version-check.js'
import { BroadcastQueue } from './gossip/broadcast-queue.js'
import { Post } from './gossip/post.js'
import { Awareness } from './members/awareness.js'
import { Incarnation } from './members/incarnation.js'
import { MemberRecord } from './members/member-record.js'
import { MemberRules } from './members/member-rules.js'
import { MemberTable, MOST_MEMBERS } from './members/member-table.js'
import { describe, FOREIGNER, tagsOf } from './members/node-description.js'
import type { Address } from './network/network.js'
import { Roster } from './partition/roster.js'
import type { RosterRecord } from './partition/roster-record.js'
import { encodeExtension } from './probing/ping-extension.js'
import { Intents } from './serf/intents.js'
import { NameConflict } from './serf/name-conflict.js'
import { OwnQueries } from './serf/own-queries.js'
import { QueryAnswers } from './serf/query-answers.js'
import { replyTo, SerfLayer } from './serf/serf-layer.js'
import type { SwimNeeds } from './swim-needs.js'
import type { Alive, StreamMessage } from './wire/messages.js'
import { PacketCodec } from './wire/packet-codec.js'
import { StreamCodec } from './wire/stream-codec.js'
import { decodeTags } from './wire/tags.js'

/** How long another holder of this node's name has to answer, in milliseconds. */
const HELD_WAIT = 2000

/** What the parts below ask of the loops above them. */
export interface CoreHooks {
  changed (record: MemberRecord, kind: MemberChange['kind'], because: string): void
  rosterChanged (records: readonly RosterRecord[]): void
  finalCheck (record: MemberRecord): void
  doubt (record: MemberRecord): void
  lostName (holder: string): void
  streamMessage (from: Address, message: StreamMessage): StreamMessage | undefined
  whisper (): Uint8Array
}

/** What a node knows and how it speaks, put together; nothing in here acts by itself. */
export class SwimCore {
  readonly me: MemberRecord
  readonly table: MemberTable
  readonly awareness = new Awareness()
  readonly incarnation: Incarnation
  readonly roster: Roster
  readonly drops: Drops
  readonly codec: PacketCodec
  readonly post: Post
  readonly rules: MemberRules
  readonly exchanges: Exchanges
  readonly tableExchange: TableExchange
  readonly seeds: Seeds
  readonly intents: Intents
  readonly queries: OwnQueries
  readonly serf: SerfLayer
  readonly conflicts: NameConflict
  /** How many joins are under way. */
  joining = 0

  constructor (readonly needs: SwimNeeds, address: Address, private readonly hooks: CoreHooks) {
    const { clock, random, store, log, metrics, network, settings, wire } = needs
    this.me = new MemberRecord(needs.name, address)
    this.me.versions = OUR_VERSIONS
    this.table = new MemberTable(random)
    this.table.add(this.me)
    this.incarnation = new Incarnation(store, log)
    this.roster = new Roster(store, log, records => { hooks.rosterChanged(records) })
    this.drops = new Drops(metrics, log)
    this.codec = new PacketCodec(wire)
    const limit = (): number => settings.retransmitMultiplier * Math.ceil(Math.log10(this.table.size + 1))
    this.post = new Post(network, this.codec, new BroadcastQueue(limit), new BroadcastQueue(limit), settings.packetSize)
    this.rules = this.#rules()
    this.intents = new Intents(needs.name, this.table, clock, {
      forceLeave: node => { this.#strike(node) },
      refuteLeave: () => { this.serf.announceJoin() },
    })
    this.queries = new OwnQueries(this.me, clock, random, bytes => { this.serf.ask(bytes) })
    this.serf = this.#serfLayer()
    this.conflicts = this.#nameConflict()
    this.tableExchange = this.#tables()
    this.exchanges = new Exchanges(network, new StreamCodec(wire), clock, settings.streamTimeout, {
      answer: (message, from) => hooks.streamMessage(from, message),
      refused: (from, { reason, detail }) => { this.drops.note(from, reason, detail) },
    })
    this.tableExchange.exchanges = this.exchanges
    this.seeds = new Seeds(needs.seeds, needs.seedPort, needs.lookup, clock)
  }

  /** What rides on pings to other Caxton nodes. */
  extension (): Uint8Array {
    return encodeExtension({ table: this.table.digest, roster: this.roster.digest, whisper: this.hooks.whisper() })
  }

  /** Tells a node what is believed of it, so that it can refute it. */
  confront (record: MemberRecord): void {
    const { name: node, incarnation } = record
    this.post.send(record, [{ kind: 'dead', node, incarnation, from: this.me.name }], false)
  }

  #rules (): MemberRules {
    const { needs, hooks } = this
    return new MemberRules(this.me, this.table, this.incarnation, this.awareness, needs.settings, needs.clock, {
      broadcast: message => { this.post.broadcast(message) },
      changed: (record, kind, because) => { hooks.changed(record, kind, because) },
      conflict: (record, told: Alive) => { this.conflicts.noticed(record, told) },
      outdated: from => {
        const accuser = this.table.get(from)
        if (accuser !== undefined && accuser !== this.me) this.post.send(accuser, [this.rules.ownAlive()], false)
      },
      crowded: told => { this.drops.note(told, 'crowded', `no more than ${MOST_MEMBERS} nodes can be known`) },
      finalCheck: record => { hooks.finalCheck(record) },
      describe: meta => {
        const tags = decodeTags(meta)
        return tags === undefined ? FOREIGNER : describe(tags)
      },
    })
  }

  #serfLayer (): SerfLayer {
    const { me, table, post } = this
    const send = (to: Address, bytes: Uint8Array): void => { post.send(to, [{ kind: 'user', bytes }], false) }
    const answers = new QueryAnswers(
      me, table, () => tagsOf(me.description), record => decodeTags(record.meta) ?? new Map(), this.needs.keys,
      (query, message) => {
        replyTo(query, message, { me, table, send, heard: bytes => { this.serf.heard(bytes) } })
      })
    return new SerfLayer({
      me, table, send, answers, intents: this.intents, queries: this.queries,
      broadcast: (bytes, sent) => { post.broadcastUser(bytes, sent) },
      refused: ({ reason, detail }) => { this.drops.note(me, reason, `a message of Serf's layer: ${detail}`) },
    })
  }

  #nameConflict (): NameConflict {
    const { clock, log, metrics } = this.needs
    return new NameConflict({
      me: this.me, clock, log, metrics, queries: this.queries,
      others: () => this.table.count(({ state }) => state === 'alive') - 1,
      isJoining: () => this.joining > 0,
      isHeld: async address => {
        const ping = { kind: 'ping', sequence: 0, node: this.me.name, source: undefined, extension: new Uint8Array() } as const
        return this.exchanges.ask(address, ping, HELD_WAIT).then(({ kind }) => kind === 'ack', () => false)
      },
      lost: holder => { this.hooks.lostName(holder) },
      doubt: record => { this.hooks.doubt(record) },
    })
  }

  #tables (): TableExchange {
    return new TableExchange({
      me: this.me, table: this.table, rules: this.rules, roster: this.roster, serf: this.serf, drops: this.drops,
      question: record => {
        this.confront(record)
        this.hooks.doubt(record)
      },
    })
  }

  #strike (node: string): void {
    const record = this.table.get(node)
    if (record !== undefined) this.rules.strike(record, 'an operator forced it to leave')
  }
}
