import { expect } from 'chai'
import type { MemberChange } from '../../../../../kernel/contract/index.js'
import { clusterStore } from '../../../../../plugins/cluster-swim/cluster-store.js'
import { OUR_VERSIONS } from '../../../../../plugins/cluster-swim/exchange/version-check.js'
import { Awareness } from '../../../../../plugins/cluster-swim/members/awareness.js'
import { Incarnation } from '../../../../../plugins/cluster-swim/members/incarnation.js'
import { MemberRecord } from '../../../../../plugins/cluster-swim/members/member-record.js'
import { MemberRules } from '../../../../../plugins/cluster-swim/members/member-rules.js'
import { MemberTable, MOST_MEMBERS } from '../../../../../plugins/cluster-swim/members/member-table.js'
import { FOREIGNER } from '../../../../../plugins/cluster-swim/members/node-description.js'
import type { Alive, Dead, Suspect } from '../../../../../plugins/cluster-swim/wire/messages.js'
import { MemoryStore } from '../../../../../plugins/store-memory/memory-store.js'
import { SETTINGS } from '../../../../support/cluster-swim/simulated-cluster.js'
import { RecordingLogger } from '../../../../support/recording-logger.js'
import { SeededRandom } from '../../../../support/seeded-random.js'
import { VirtualClock } from '../../../../support/virtual-clock.js'

const META = new Uint8Array()
const alive = (node: string, incarnation: number, host = '10.0.0.2', meta = META): Alive =>
  ({ kind: 'alive', node, incarnation, host, port: 7946, meta, versions: OUR_VERSIONS })
const suspect = (node: string, incarnation: number, from = 'c'): Suspect => ({ kind: 'suspect', node, incarnation, from })
const dead = (node: string, incarnation: number, from = 'c'): Dead => ({ kind: 'dead', node, incarnation, from })

describe('MemberRules', () => {
  const begin = async () => {
    const clock = new VirtualClock()
    const store = new MemoryStore({ max_size: 2 ** 20 }).scopeFor('cluster-swim')
    await store.migrate(clusterStore)
    const incarnation = new Incarnation(store, new RecordingLogger())
    await incarnation.load()
    const table = new MemberTable(new SeededRandom(1))
    const me = new MemberRecord('me', { host: '10.0.0.1', port: 7946 })
    table.add(me)
    const awareness = new Awareness()
    const sent: Array<Alive | Suspect | Dead> = []
    const said: Array<[MemberChange['kind'], string]> = []
    const other: string[] = []
    const rules = new MemberRules(me, table, incarnation, awareness, SETTINGS, clock, {
      broadcast: message => { sent.push(message) },
      changed: (record, kind) => { said.push([kind, record.name]) },
      conflict: (record, told) => { other.push(`conflict ${record.name} ${told.host}`) },
      outdated: from => { other.push(`outdated ${from}`) },
      crowded: ({ node }) => { other.push(`crowded ${node}`) },
      finalCheck: record => { other.push(`check ${record.name}`) },
      describe: () => FOREIGNER,
    })
    rules.announce(META, FOREIGNER)
    sent.length = 0
    said.length = 0
    return { clock, table, me, awareness, rules, sent, said, other }
  }

  it('takes in no more nodes than there is room for, and still hears of those it knows', async () => {
    const { rules, table, other, sent } = await begin()
    for (let index = 1; index < MOST_MEMBERS; index++) table.add(new MemberRecord(`n${index}`, { host: '10.0.0.2', port: 7946 }))
    rules.alive(alive('one-more', 1))
    expect(table.get('one-more')).to.equal(undefined)
    expect(other).to.deep.equal(['crowded one-more'])
    rules.alive(alive('n1', 7))
    expect(table.get('n1')?.incarnation).to.equal(7)
    expect(sent).to.have.length(1)
  })

  it('takes in a node that it did not know, and passes the news on', async () => {
    const { rules, table, sent, said } = await begin()
    rules.alive(alive('b', 5))
    expect(table.get('b')).to.include({ state: 'alive', incarnation: 5, host: '10.0.0.2' })
    expect(said).to.deep.equal([['joined', 'b']])
    expect(sent).to.deep.equal([alive('b', 5)])
    rules.alive(alive('b', 5))
    expect(sent).to.have.length(1)
  })

  it('does not know whom it only hears bad of', async () => {
    const { rules, table } = await begin()
    rules.suspect(suspect('b', 1))
    rules.dead(dead('b', 1))
    expect(table.get('b')).to.equal(undefined)
  })

  it('suspects, and takes it back for a higher incarnation only', async () => {
    const { rules, table, said } = await begin()
    rules.alive(alive('b', 5))
    rules.suspect(suspect('b', 4))
    expect(table.get('b')?.state).to.equal('alive')
    rules.suspect(suspect('b', 5))
    expect(table.get('b')?.state).to.equal('suspect')
    rules.alive(alive('b', 5))
    expect(table.get('b')?.state).to.equal('suspect')
    rules.alive(alive('b', 6))
    expect(table.get('b')?.state).to.equal('alive')
    expect(said).to.deep.equal([['joined', 'b'], ['suspected', 'b'], ['back', 'b']])
  })

  it('asks for a last check when a suspicion ends, and buries only then', async () => {
    const { rules, table, clock, other, sent } = await begin()
    rules.alive(alive('b', 5))
    rules.suspect(suspect('b', 5))
    clock.advance(2200)
    expect(other).to.deep.equal(['check b'])
    expect(table.get('b')?.state).to.equal('suspect')
    const record = table.get('b')
    if (record !== undefined) rules.bury(record)
    expect(table.get('b')?.state).to.equal('dead')
    expect(sent.at(-1)).to.deep.equal(dead('b', 5, 'me'))
  })

  it('knows who left from who died', async () => {
    const { rules, table, said } = await begin()
    rules.alive(alive('b', 5))
    rules.dead(dead('b', 5, 'b'))
    rules.alive(alive('c', 1, '10.0.0.3'))
    rules.dead(dead('c', 1, 'd'))
    expect([table.get('b')?.state, table.get('c')?.state]).to.deep.equal(['left', 'dead'])
    expect(said.slice(-3)).to.deep.equal([['left', 'b'], ['joined', 'c'], ['died', 'c']])
  })

  it('only suspects a node that others call dead and that has just answered', async () => {
    const { rules, table, clock } = await begin()
    rules.alive(alive('b', 5))
    const record = table.get('b')
    if (record !== undefined) record.answeredAt = clock.elapsed()
    clock.advance(500)
    rules.dead(dead('b', 5))
    expect(record?.state).to.equal('suspect')
    clock.advance(1000)
    rules.dead(dead('b', 5))
    expect(record?.state).to.equal('dead')
  })

  it('refutes what is said of itself, with an incarnation above it, and trusts its own hearing less', async () => {
    const { rules, me, sent, awareness } = await begin()
    const before = me.incarnation
    rules.suspect(suspect('me', before))
    expect(me.incarnation).to.equal(before + 1)
    rules.dead(dead('me', before + 50))
    expect(me.incarnation).to.equal(before + 51)
    rules.alive({ ...alive('me', before + 60, '10.0.0.1'), meta: Buffer.from('x') })
    expect(me.incarnation).to.equal(before + 61)
    expect(sent.map(({ kind }) => kind)).to.deep.equal(['alive', 'alive', 'alive'])
    expect(awareness.score).to.equal(3)
  })

  it('tells an accuser directly what it refuted before', async () => {
    const { rules, me, other, sent } = await begin()
    rules.suspect(suspect('me', me.incarnation - 1, 'b'))
    expect(other).to.deep.equal(['outdated b'])
    expect(sent).to.deep.equal([])
  })

  it('refutes nothing any more when it leaves', async () => {
    const { rules, me } = await begin()
    const goodbye = rules.leave()
    expect(goodbye).to.deep.equal(dead('me', me.incarnation, 'me'))
    const before = me.incarnation
    rules.dead(goodbye)
    rules.suspect(suspect('me', before))
    expect(me).to.include({ incarnation: before, state: 'left' })
  })

  it('reports a name with two addresses, and keeps the one that it knows', async () => {
    const { rules, table, other } = await begin()
    rules.alive(alive('b', 5))
    rules.alive(alive('b', 6, '10.0.0.9'))
    rules.alive(alive('me', 99, '10.0.0.9'))
    expect(other).to.deep.equal(['conflict b 10.0.0.9', 'conflict me 10.0.0.9'])
    expect(table.get('b')?.host).to.equal('10.0.0.2')
  })

  it('gives a name to another address when its node left, or has been dead for a while', async () => {
    const { rules, table, clock } = await begin()
    rules.alive(alive('b', 5))
    rules.dead(dead('b', 5, 'b'))
    rules.alive(alive('b', 2, '10.0.0.9'))
    expect(table.get('b')).to.include({ host: '10.0.0.9', state: 'alive', incarnation: 2 })
    rules.dead(dead('b', 2))
    rules.alive(alive('b', 3, '10.0.0.7'))
    expect(table.get('b')?.host).to.equal('10.0.0.9')
    clock.advance(SETTINGS.reclaimAfter)
    rules.alive(alive('b', 3, '10.0.0.7'))
    expect(table.get('b')).to.include({ host: '10.0.0.7', state: 'alive' })
  })

  it('refuses a node with versions that can\'t be', async () => {
    const { rules, table } = await begin()
    rules.alive({ ...alive('b', 5), versions: { ...OUR_VERSIONS, minimum: 0 } })
    rules.alive({ ...alive('b', 5), versions: { ...OUR_VERSIONS, minimum: 6 } })
    expect(table.get('b')).to.equal(undefined)
  })
})
