import { expect } from 'chai'
import { SeededRandom } from '../../../support/seeded-random.js'
import { VirtualClock } from '../../../support/virtual-clock.js'

describe('virtual clock', () => {
  it('fires timers by time, then by the order in which they were set', () => {
    const clock = new VirtualClock()
    const fired: string[] = []
    clock.after(20, () => fired.push('late'))
    clock.after(10, () => fired.push('first'))
    clock.after(10, () => fired.push('second'))
    clock.advance(15)
    expect(fired).to.deep.equal(['first', 'second'])
    clock.advance(5)
    expect(fired).to.deep.equal(['first', 'second', 'late'])
  })

  it('fires timers that a timer set, at their own time', () => {
    const clock = new VirtualClock(0)
    const at: number[] = []
    clock.after(10, () => { clock.after(10, () => at.push(clock.now())) })
    clock.advance(100)
    expect(at).to.deep.equal([20])
    expect(clock.now()).to.equal(100)
  })

  it('forgets a cancelled timer', () => {
    const clock = new VirtualClock()
    const timer = clock.after(1, () => { throw new Error('fired') })
    timer.cancel()
    timer.cancel()
    clock.advance(10)
    expect(clock.pending).to.equal(0)
  })

  it('lets promises settle between timers when time passes', async () => {
    const clock = new VirtualClock()
    const order: string[] = []
    const wait = (milliseconds: number): Promise<void> => new Promise(resolve => { clock.after(milliseconds, resolve) })
    const walk = async (): Promise<void> => {
      await wait(10)
      order.push('ten')
      await wait(10)
      order.push('twenty')
    }
    const walked = walk()
    await clock.pass(20)
    expect(order).to.deep.equal(['ten', 'twenty'])
    await walked
  })

  it('moves the wall clock without moving timers', () => {
    const clock = new VirtualClock(1_000)
    let fired = false
    clock.after(10, () => { fired = true })
    clock.jumpTo(1_000_000)
    expect(clock.now()).to.equal(1_000_000)
    clock.advance(9)
    expect(fired).to.equal(false)
    expect(clock.elapsed()).to.equal(9)
  })
})

describe('seeded random', () => {
  it('repeats for one seed and differs for another', () => {
    const draw = (seed: number): number[] => {
      const random = new SeededRandom(seed)
      return [random.fraction(), random.fraction(), ...random.bytes(8)]
    }
    expect(draw(7)).to.deep.equal(draw(7))
    expect(draw(7)).not.to.deep.equal(draw(8))
  })

  it('stays within [0, 1)', () => {
    const random = new SeededRandom(1)
    for (let i = 0; i < 10_000; i++) expect(random.fraction()).to.be.within(0, 0.9999999999)
  })
})
