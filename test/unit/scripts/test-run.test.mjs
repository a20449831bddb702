import { expect } from 'chai'
import { newResources, openResources } from '../../../scripts/mocha/leftovers.mjs'
import { dealt, inLanes } from '../../../scripts/mocha/lanes.mjs'
import { stuckDetector, verdict } from '../../../scripts/mocha/run-group.mjs'
import { readTally, sum, tallyLine } from '../../../scripts/mocha/tally.mjs'

describe('the tally of a test run', () => {
  it('counts what the reporter wrote, also when the run never ended', () => {
    expect(readTally('PPFSPE')).to.deep.equal({ passed: 3, failed: 1, skipped: 1, ended: true })
    expect(readTally('PP')).to.deep.equal({ passed: 2, failed: 0, skipped: 0, ended: false })
  })

  it('closes with one plain line', () => {
    expect(tallyLine(sum([readTally('PPE'), readTally('PFE')]))).to.equal('3 passed, 1 failed')
    expect(tallyLine(readTally('PSE'))).to.equal('1 passed, 0 failed, 1 skipped')
  })
})

describe('the verdict on a test run', () => {
  it('takes the tally as it is when the runner ended as its tests did', () => {
    expect(verdict(readTally('PPE'), 'code 0').failed).to.equal(0)
    expect(verdict(readTally('PFE'), 'code 1').failed).to.equal(1)
  })

  it('counts a crash as a failure, before the last test and after it', () => {
    expect(verdict(readTally('PP'), 'SIGSEGV').failed).to.equal(1)
    expect(verdict(readTally('PP'), 'code 0').failed).to.equal(1)
    expect(verdict(readTally('PPE'), 'code 7').failed).to.equal(1)
  })
})

describe('the watch over a test run', () => {
  it('stops a run in which nothing has ended for too long', () => {
    const isStuck = stuckDetector(60_000, 5000)
    expect(isStuck('', 1)).to.equal(undefined)
    expect(isStuck('P', 50_000)).to.equal(undefined)
    expect(isStuck('P', 100_000)).to.equal(undefined)
    expect(isStuck('P', 110_001)).to.equal('no test has ended for 1 minutes')
  })

  it('stops a runner that outlives its last test', () => {
    const isStuck = stuckDetector(60_000, 5000)
    expect(isStuck('PE', 1)).to.equal(undefined)
    expect(isStuck('PE', 5000)).to.equal(undefined)
    expect(isStuck('PE', 5002)).to.include('keeps the runner alive')
  })
})

describe('the look for what tests left behind', () => {
  it('sees only what nobody may leave, and only what is new', () => {
    const before = openResources(['TTYWrap', 'Timeout', 'UDPWrap'])
    const now = openResources(['UDPWrap', 'TCPServerWrap', 'TCPServerWrap', 'ProcessWrap', 'Timeout'])
    expect(newResources(before, now)).to.deep.equal(['2 × listening port', '1 × child process'])
    expect(newResources(now, before)).to.deep.equal([])
  })
})

describe('the lanes of a test run', () => {
  it('share the files, neighbours apart, none twice', () => {
    expect(dealt(['a', 'b', 'c', 'd', 'e'], 2)).to.deep.equal([['a', 'c', 'e'], ['b', 'd']])
    expect(dealt(['a'], 3)).to.deep.equal([['a']])
    expect(dealt([], 3)).to.deep.equal([])
  })

  it('work side by side, never more than there are, and give the results in order', async () => {
    const ends = new Map()
    const begun = []
    const all = inLanes(2, ['a', 'b', 'c'], item => {
      begun.push(item)
      return new Promise(resolve => { ends.set(item, () => resolve(item.toUpperCase())) })
    })
    expect(begun).to.deep.equal(['a', 'b'])
    ends.get('b')()
    await Promise.resolve()
    for (let turn = 0; turn < 5 && begun.length < 3; turn++) await Promise.resolve()
    expect(begun).to.deep.equal(['a', 'b', 'c'])
    ends.get('c')()
    ends.get('a')()
    expect(await all).to.deep.equal(['A', 'B', 'C'])
  })

  it('take nothing more when it is over', async () => {
    const begun = []
    expect(await inLanes(1, ['a', 'b'], async item => begun.push(item), () => begun.length > 0)).to.deep.equal([1])
  })
})
