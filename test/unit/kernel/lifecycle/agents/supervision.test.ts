import { expect } from 'chai'
import { Supervision, type Supervised } from '../../../../../kernel/lifecycle/agents/supervision.js'
import { VirtualClock } from '../../../../support/virtual-clock.js'

const RULES = { strikes: 5, strikeWindow: 10_000, restartDelay: 100, restartDelayMax: 1_000 }

describe('supervision', () => {
  let clock: VirtualClock
  let supervision: Supervision
  let done: Array<readonly [what: string, who: Supervised, at: number]>

  beforeEach(() => {
    clock = new VirtualClock()
    done = []
    supervise(RULES)
  })
  const supervise = (rules: typeof RULES): void => {
    supervision = new Supervision(rules, clock, {
      restart: handle => done.push(['restart', handle, clock.elapsed()]),
      quarantine: handle => done.push(['quarantine', handle, clock.elapsed()]),
    })
  }

  it('restarts after a delay that doubles with each strike, up to the longest', () => {
    supervise({ ...RULES, strikes: 100 })
    const waits: number[] = []
    for (let strike = 0; strike < 6; strike++) {
      const before = clock.elapsed()
      supervision.strike(7)
      clock.advance(2_000)
      waits.push((done.at(-1)?.[2] ?? 0) - before)
    }
    expect(waits).to.deep.equal([100, 200, 400, 800, 1_000, 1_000])
  })

  it('quarantines at the last strike within the window, and does not restart any more', () => {
    for (let strike = 0; strike < 5; strike++) {
      supervision.strike(7)
      if (strike < 4) clock.advance(1_000)
    }
    expect(done.map(([what]) => what)).to.deep.equal(['restart', 'restart', 'restart', 'restart', 'quarantine'])
    expect(clock.pending).to.equal(0)
  })

  it('counts strikes although its own delays stretch them beyond the window', () => {
    supervise({ ...RULES, strikeWindow: 500, restartDelayMax: 30_000 })
    for (let strike = 0; strike < 5; strike++) {
      supervision.strike(7)
      clock.advance(100 * 2 ** strike)
    }
    expect(done.at(-1)?.[0]).to.equal('quarantine')
  })

  it('forgives strikes that lie further apart than the window', () => {
    for (let strike = 0; strike < 20; strike++) {
      supervision.strike(7)
      clock.advance(12_000)
    }
    expect(done.map(([what]) => what)).to.deep.equal(new Array<string>(20).fill('restart'))
  })

  it('begins with the first delay again after a time without strikes', () => {
    for (let strike = 0; strike < 3; strike++) {
      supervision.strike(7)
      clock.advance(400)
    }
    clock.advance(20_000)
    const before = clock.elapsed()
    supervision.strike(7)
    clock.advance(1_000)
    expect((done.at(-1)?.[2] ?? 0) - before).to.equal(100)
  })

  it('does not mix agents up', () => {
    for (let strike = 0; strike < 4; strike++) {
      supervision.strike(1)
      supervision.strike(2)
      clock.advance(1_000)
    }
    expect(done.some(([what]) => what === 'quarantine')).to.equal(false)
  })

  it('gives a clean slate to who is forgotten, and restarts nobody who is', () => {
    for (let strike = 0; strike < 4; strike++) supervision.strike(7)
    supervision.forget(7)
    clock.advance(60_000)
    supervision.strike(7)
    clock.advance(100)
    expect(done).to.deep.equal([['restart', 7, 60_100]])
  })

  it('ends with no timer left', () => {
    supervision.strike(1)
    supervision.strike(2)
    supervision.stop()
    expect(clock.pending).to.equal(0)
  })

  it('quarantines at once where one strike is enough', () => {
    supervise({ ...RULES, strikes: 1 })
    supervision.strike(7)
    expect(done).to.deep.equal([['quarantine', 7, 0]])
  })
})
