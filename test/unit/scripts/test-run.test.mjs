import { expect } from 'chai'
import { newResources, openResources } from '../../../scripts/mocha/leftovers.mjs'
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
