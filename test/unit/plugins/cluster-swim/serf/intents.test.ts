import { expect } from 'chai'
import { MemberRecord } from '../../../../../plugins/cluster-swim/members/member-record.js'
import { MemberTable } from '../../../../../plugins/cluster-swim/members/member-table.js'
import { Intents } from '../../../../../plugins/cluster-swim/serf/intents.js'
import { SeededRandom } from '../../../../support/seeded-random.js'
import { VirtualClock } from '../../../../support/virtual-clock.js'

describe('Intents', () => {
  const begin = () => {
    const table = new MemberTable(new SeededRandom(1))
    const done: string[] = []
    const intents = new Intents('me', table, new VirtualClock(), {
      forceLeave: node => { done.push(`force ${node}`) },
      refuteLeave: () => { done.push('refute') },
    })
    const add = (name: string, state: MemberRecord['state']): void => {
      const record = new MemberRecord(name, { host: '10.0.0.1', port: 1 })
      record.state = state
      table.add(record)
    }
    add('me', 'alive')
    return { intents, add, done }
  }
  const leave = (node: string, time: number) => ({ kind: 'leave', node, time, prune: false }) as const
  const join = (node: string, time: number) => ({ kind: 'join', node, time }) as const

  it('passes on what is newer than it knows, once', () => {
    const { intents, add } = begin()
    add('b', 'alive')
    expect(intents.join(join('b', 5))).to.equal(true)
    expect(intents.join(join('b', 5))).to.equal(false)
    expect(intents.leave(leave('b', 5))).to.equal(false)
    expect(intents.leave(leave('b', 6))).to.equal(true)
    expect(intents.isLeaving('b')).to.equal(true)
    expect(intents.clock.time).to.equal(7)
  })

  it('remembers what was said of a node until it meets it', () => {
    const { intents, add } = begin()
    expect(intents.leave(leave('b', 5))).to.equal(true)
    expect(intents.leave(leave('b', 4))).to.equal(false)
    add('b', 'alive')
    intents.met('b')
    expect(intents.statusTime('b')).to.equal(5)
    expect(intents.isLeaving('b')).to.equal(true)
  })

  it('has a dead node leave when an operator says so', () => {
    const { intents, add, done } = begin()
    add('b', 'dead')
    expect(intents.leave(leave('b', 5))).to.equal(true)
    expect(done).to.deep.equal(['force b'])
  })

  it('contradicts who says that this node leaves', () => {
    const { intents, done } = begin()
    expect(intents.leave(leave('me', 5))).to.equal(false)
    expect(done).to.deep.equal(['refute'])
  })

  it('says its own with a time above all that was said', () => {
    const { intents } = begin()
    intents.join(join('me', 41))
    expect(intents.own('leave', 'me')).to.equal(42)
    expect(intents.own('join', 'me')).to.equal(43)
  })
})
