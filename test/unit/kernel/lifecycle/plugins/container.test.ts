import { expect } from 'chai'
import {
  ClockToken, defineError, inject, injectable, optional, RandomToken, tokenMany, type Clock,
} from '../../../../../kernel/contract/index.js'
import {
  construct, declareClass, notesOf, type PluginClass, type Services,
} from '../../../../../kernel/lifecycle/plugins/container.js'
import { VirtualClock } from '../../../../support/virtual-clock.js'

describe('the container of a plugin', () => {
  const Refused = defineError({
    code: 'REFUSED', kind: 'precondition', meaning: 'M.', remedy: 'R.',
    sentence: (d: { why: string }) => `refused: ${d.why}`,
  })
  const Things = tokenMany<string>('acme/thing@1')
  const clock = new VirtualClock()

  @injectable()
  class Consumer {
    constructor (
      @inject(ClockToken) readonly clock: Clock,
      @inject(optional(RandomToken)) readonly random: unknown,
      @inject(Things) readonly things: unknown,
    ) {}
  }

  @injectable()
  class Thrower {
    constructor (@inject(ClockToken) readonly clock: Clock) {
      throw Refused({ why: 'bad weather' })
    }
  }

  @injectable()
  class Plain {}

  function made (main: PluginClass, services: Services): object {
    declareClass(main, notesOf(main) ?? [])
    return construct(main, services)
  }

  it('gives each parameter its service, lists as they are, and undefined for what nobody provides', () => {
    const consumer = made(Consumer, new Map<string, unknown>([[ClockToken.id, clock], [Things.id, []]]))
    expect(consumer).to.deep.include({ random: undefined, things: [] })
    expect(consumer instanceof Consumer && consumer.clock === clock).to.equal(true)
  })

  it('makes a class without parameters', () => {
    expect(made(Plain, new Map())).to.be.instanceOf(Plain)
  })

  it('makes a new object each time, from the services given this time', () => {
    const other = new VirtualClock()
    const [a, b] = [clock, other].map(each => made(Consumer, new Map<string,
      unknown>([[ClockToken.id, each], [Things.id, []]])))
    expect(a).not.to.equal(b)
    expect(b instanceof Consumer && b.clock === other).to.equal(true)
  })

  it('keeps the error that a constructor throws, with its class, code and details', () => {
    let thrown: unknown
    try {
      made(Thrower, new Map([[ClockToken.id, clock]]))
    } catch (error) {
      thrown = error
    }
    expect(Refused.is(thrown) && thrown.details).to.deep.equal({ why: 'bad weather' })
  })

  it('has nothing that was not put into it, not even from another plugin', () => {
    expect(() => made(Consumer, new Map())).to.throw(/caxton\/clock@1/)
  })
})
