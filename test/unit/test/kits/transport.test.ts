import { expect } from 'chai'
import { BROKEN_TRANSPORTS } from '../../../fixtures/transports/broken-transports.js'
import { transportKit, type TransportSubject } from '../../../kits/transport.js'
import { CollectingRunner } from '../../../support/collecting-runner.js'
import { memoryNodes } from '../../../support/memory-nodes.js'

/** How long a test of the kit may take before it counts as failed: a broken transport may hang. */
const PATIENCE_MS = 100
/** For one that is to pass, however slow the machine. */
const LONG_PATIENCE_MS = 8_000

function registered (make: () => TransportSubject, lacks: readonly string[] = [], patience = PATIENCE_MS): CollectingRunner {
  const runner = new CollectingRunner(patience)
  transportKit('subject', { setup: async () => make(), teardown: async () => {}, lacks }, runner)
  return runner
}

describe('The transport kit', () => {
  it('lets a good transport pass', async () => {
    expect(await registered(memoryNodes, ['stall'], LONG_PATIENCE_MS).failures()).to.deep.equal([])
  })

  it('shows what a transport lacks as skipped', () => {
    expect(registered(memoryNodes, ['vanish']).skipped).to.have.lengthOf(1)
  })

  for (const [promise, make] of BROKEN_TRANSPORTS) {
    it(`catches a transport that breaks "${promise}"`, async () => {
      expect(await registered(make).failures(promise)).to.deep.equal([promise])
    })
  }

  it('has a broken transport for every promise', () => {
    expect(registered(memoryNodes).names.toSorted()).to.deep.equal(BROKEN_TRANSPORTS.map(([promise]) => promise).toSorted())
  })
})
