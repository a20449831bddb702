import { expect } from 'chai'
import { RecentTimes } from '../../../../../plugins/cluster-swim/serf/recent-times.js'

describe('RecentTimes', () => {
  it('takes each thing once, several at one time', () => {
    const recent = new RecentTimes<string>()
    expect(recent.note(5, 'a', 'A', 6)).to.equal(true)
    expect(recent.note(5, 'a', 'A', 6)).to.equal(false)
    expect(recent.note(5, 'b', 'B', 6)).to.equal(true)
    expect(recent.all()).to.deep.equal([{ time: 5, values: ['A', 'B'] }])
  })

  it('does not take what is too old to be told from what was seen', () => {
    const recent = new RecentTimes<string>()
    expect(recent.note(1000, 'a', 'A', 1001)).to.equal(true)
    expect(recent.note(400, 'b', 'B', 1001)).to.equal(false)
    expect(recent.note(488, 'c', 'C', 1001)).to.equal(false)
    expect(recent.note(500, 'd', 'D', 1001)).to.equal(true)
  })

  it('keeps no more than it has room for', () => {
    const recent = new RecentTimes<number>()
    for (let time = 1; time <= 2000; time++) recent.note(time, 'x', time, time)
    expect(recent.all()).to.have.length(512)
    for (let number = 0; number < 1000; number++) recent.note(2000, String(number), number, 2001)
    expect(recent.all().find(({ time }) => time === 2000)?.values).to.have.length(256)
  })
})
