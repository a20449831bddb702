import { expect } from 'chai'
import type { Outcome } from '../../../../plugins/telemetry-otlp/sending/otlp-sender.js'
import { SignalQueue, type QueueRules } from '../../../../plugins/telemetry-otlp/sending/signal-queue.js'
import { SeededRandom } from '../../../support/seeded-random.js'
import { VirtualClock } from '../../../support/virtual-clock.js'

const TAKEN: Outcome = { kind: 'taken', rejected: 0, because: '' }
const LATER: Outcome = { kind: 'later', wait: undefined, because: 'busy' }
const RULES: QueueRules = { batch: 3, most: 10, flush: 5_000, retryFor: 60_000 }

/** A queue, and a collector that answers as it is told. */
class Scene {
  readonly clock = new VirtualClock()
  readonly requests: string[] = []
  readonly losses: string[] = []
  sent = 0
  answer: () => Outcome | Promise<Outcome> = () => TAKEN
  readonly queue: SignalQueue<string>

  constructor (rules: Partial<QueueRules> = {}) {
    this.queue = new SignalQueue({
      rules: { ...RULES, ...rules }, clock: this.clock, random: new SeededRandom(1),
      send: async items => {
        this.requests.push(items.join(''))
        return await this.answer()
      },
      sent: count => { this.sent += count },
      lost: (count, loss, because) => { this.losses.push(`${count} ${loss} ${because}`) },
    })
  }

  add (...items: readonly string[]): void {
    for (const item of items) this.queue.add(item)
  }
}

describe('what waits to be sent', () => {
  it('is sent in batches, when enough has gathered or the time has come', async () => {
    const { queue, clock, requests, add } = bound(new Scene())
    add('a', 'b')
    await clock.pass(4_999)
    expect(requests).to.deep.equal([])
    await clock.pass(1)
    add('c', 'd', 'e')
    await clock.pass(0)
    add('f')
    await clock.pass(5_000)
    expect(requests).to.deep.equal(['ab', 'cde', 'f'])
    await queue.close(new AbortController().signal)
    expect(clock.pending).to.equal(0)
  })

  it('is repeated with growing waits, in its order, while more gathers, until it is taken', async () => {
    const { clock, requests, add, scene } = bound(new Scene())
    let refusals = 3
    scene.answer = () => refusals-- > 0 ? LATER : TAKEN
    add('a', 'b', 'c')
    add('d')
    await clock.pass(30_000)
    expect(requests).to.deep.equal(['abc', 'abc', 'abc', 'abc', 'd'])
    expect([scene.sent, scene.losses]).to.deep.equal([4, []])
    expect(clock.pending).to.equal(0)
  })

  it('waits as long as the collector asks for', async () => {
    const { clock, requests, add, scene } = bound(new Scene())
    scene.answer = () => requests.length > 1 ? TAKEN : { kind: 'later', wait: 17_000, because: '' }
    add('a', 'b', 'c')
    await clock.pass(16_999)
    expect(requests).to.have.length(1)
    await clock.pass(1)
    expect(requests).to.have.length(2)
  })

  it('is given up after a time, and what is refused or rejected at once; the rest goes on', async () => {
    const { clock, add, scene } = bound(new Scene())
    scene.answer = () => LATER
    add('a', 'b', 'c')
    await clock.pass(61_000)
    expect(scene.losses).to.deep.equal(['3 gave-up busy'])
    scene.answer = () => ({ kind: 'refused', because: 'no' })
    add('d', 'e', 'f')
    await clock.pass(0)
    scene.answer = () => ({ kind: 'taken', rejected: 1, because: 'odd' })
    add('g', 'h', 'i')
    await clock.pass(0)
    expect(scene.losses.slice(1)).to.deep.equal(['3 refused no', '1 rejected odd'])
    expect(scene.sent).to.equal(2)
  })

  it('is never more than there is room for: newcomers are lost and counted', async () => {
    const { clock, add, scene, requests } = bound(new Scene())
    let goOn = (_outcome: Outcome): void => {}
    scene.answer = () => new Promise(resolve => { goOn = resolve })
    add(...'abc')
    await clock.pass(0)
    add(...'defghijklmno')
    expect(scene.losses).to.deep.equal(['1 queue-full too much waits to be sent', '1 queue-full too much waits to be sent'])
    scene.answer = () => TAKEN
    goOn(TAKEN)
    await clock.pass(5_000)
    expect(requests.join('')).to.equal('abcdefghijklm')
  })

  it('is sent once more when the server stops, also what was about to be repeated, and no later than it may', async () => {
    const { queue, clock, add, scene, requests } = bound(new Scene())
    scene.answer = () => LATER
    add('a', 'b', 'c', 'd')
    await clock.pass(0)
    scene.answer = () => requests.length > 2 ? LATER : TAKEN
    await queue.close(new AbortController().signal)
    expect(requests).to.deep.equal(['abc', 'abc', 'd'])
    expect([scene.sent, scene.losses]).to.deep.equal([3, ['1 gave-up busy']])
    queue.add('late')
    expect(scene.losses).to.have.length(2)
    expect(clock.pending).to.equal(0)
  })
})

function bound (scene: Scene) {
  const { queue, clock, requests } = scene
  return { scene, queue, clock, requests, add: (...items: readonly string[]): void => { scene.add(...items) } }
}
