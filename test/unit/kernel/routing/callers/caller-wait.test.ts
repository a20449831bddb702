import { create } from '@bufbuild/protobuf'
import { expect } from 'chai'
import { AclMessageSchema, FRAME_FLAGS } from '../../../../../kernel/contract/index.js'
import { CallerWait } from '../../../../../kernel/routing/callers/caller-wait.js'

const message = (bytes = 0) => create(AclMessageSchema, { performative: 'inform', content: new Uint8Array(bytes) })

describe('the wait of a caller', () => {
  it('is over with the answer that ends it', () => {
    const wait = new CallerWait({ answers: true, receipt: false, receivers: () => 1 }, answers => answers.length === 2)
    wait.take(message(), 0)
    expect(wait.isOver).to.equal(false)
    wait.take(message(), 0)
    expect(wait.isOver).to.equal(true)
  })

  it('is over with the thousandth answer, or 16 MiB of them, though none of them ends it', () => {
    for (const [count, bytes] of [[1_000, 1], [16, 1024 * 1024]] as const) {
      const wait = new CallerWait({ answers: true, receipt: true, receivers: () => 1 }, () => false)
      for (let index = 1; index < count; index++) wait.take(message(bytes), 0)
      expect(wait.isOver).to.equal(false)
      wait.take(message(bytes), 0)
      expect(wait.isOver).to.equal(true)
    }
  })

  it('takes a receipt for no answer, and a failure in its stead', () => {
    const good = new CallerWait({ answers: false, receipt: true, receivers: () => 1 }, () => false)
    const bad = new CallerWait({ answers: false, receipt: true, receivers: () => 1 }, () => false)
    good.take(message(), FRAME_FLAGS.platform | FRAME_FLAGS.receipt)
    bad.take(message(), FRAME_FLAGS.platform)
    expect([good.isOver, good.handled, good.answers.length]).to.deep.equal([true, true, 0])
    expect([bad.isOver, bad.handled, bad.answers.length]).to.deep.equal([true, false, 1])
  })

  it('does not take the word that a message was accepted for the word that it was handled', () => {
    const wait = new CallerWait({ answers: false, receipt: true, receivers: () => 1 }, () => false)
    wait.take(create(AclMessageSchema, { performative: 'agree' }), FRAME_FLAGS.platform | FRAME_FLAGS.receipt)
    expect([wait.isOver, wait.handled, wait.answers.length]).to.deep.equal([false, false, 0])
  })

  it('wants a receipt or a failure from each of several receivers', () => {
    const wait = new CallerWait({ answers: false, receipt: true, receivers: () => 2 }, () => false)
    wait.take(message(), FRAME_FLAGS.platform | FRAME_FLAGS.receipt)
    expect(wait.isOver).to.equal(false)
    wait.take(message(), FRAME_FLAGS.platform)
    expect([wait.isOver, wait.handled]).to.deep.equal([true, false])
  })
})
