import { expect } from 'chai'
import { RoundTrips } from '../../../../../plugins/cluster-swim/probing/round-trips.js'

describe('RoundTrips', () => {
  const after = (milliseconds: number, count: number, expected = 120): number => {
    const trips = new RoundTrips(expected)
    for (let turn = 0; turn < count; turn++) trips.add(milliseconds)
    return trips.timeout
  }

  it('waits as long as the operator set until answers were measured', () => {
    expect(after(1, 15)).to.equal(120)
  })

  it('waits three times what answers take, but neither too short nor too long', () => {
    expect(after(30, 16)).to.equal(90)
    expect(after(1, 16)).to.equal(50)
    expect(after(100, 16)).to.equal(150)
  })

  it('never waits longer than a quarter above a time that was set short', () => {
    expect(after(30, 16, 20)).to.equal(25)
  })

  it('forgets what was long ago', () => {
    const trips = new RoundTrips(120)
    for (let turn = 0; turn < 128; turn++) trips.add(100)
    for (let turn = 0; turn < 128; turn++) trips.add(25)
    expect(trips.timeout).to.equal(75)
  })
})
