import { setImmediate as turn } from 'node:timers/promises'
import { expect } from 'chai'
import type { Acceptance } from '../../../../../kernel/routing/durable/durable-acceptance.js'
import { DurableIntake } from '../../../../../kernel/routing/durable/durable-intake.js'
import { collectGarbage } from '../../../../support/memory-in-use.js'

describe('durable intake', () => {
  it('tells who watches what becomes of the copies that come meanwhile, and of no others', async () => {
    const intake = new DurableIntake()
    intake.accept = frame => Promise.resolve(frame.length === 2 ? 'MESSAGE_DUPLICATE' : undefined)
    take(intake, 1)
    const { result, taken } = intake.watch(() => {
      take(intake, 1)
      take(intake, 2)
      return 'sent'
    })
    take(intake, 2)
    expect(result).to.equal('sent')
    expect(await Promise.all(taken)).to.deep.equal([undefined, 'MESSAGE_DUPLICATE'])
  })

  it('watches no longer when the sending failed', () => {
    const intake = new DurableIntake()
    const send = (): void => { throw new Error('not sent') }
    expect(() => intake.watch(send)).to.throw('not sent')
    expect(intake.watch(() => undefined).taken).to.deep.equal([])
  })

  it('holds nothing of messages that nobody watches', async () => {
    const intake = new DurableIntake()
    const seen: Array<WeakRef<Promise<Acceptance>>> = []
    intake.accept = () => {
      const acceptance = Promise.resolve<Acceptance>(undefined)
      seen.push(new WeakRef(acceptance))
      return acceptance
    }
    for (let count = 0; count < 100; count += 1) take(intake, 1)
    await turn()
    collectGarbage()
    expect(seen.filter(acceptance => acceptance.deref() !== undefined)).to.have.length(0)
  })
})

function take (intake: DurableIntake, length: number): void {
  intake.reserve(1, length)
  intake.commit()
}
