import { expect } from 'chai'
import type { Placement } from '../../../../kernel/contract/index.js'
import { RendezvousPlacement } from '../../../../plugins/placement-rendezvous/rendezvous-placement.js'
import { BROKEN_PLACEMENTS } from '../../../fixtures/placements/broken-placements.js'
import { placementKit } from '../../../kits/placement.js'
import { CollectingRunner } from '../../../support/collecting-runner.js'

/** Milliseconds that a test of the kit may take. */
const PATIENCE = 1_000

function registered (placement: Placement): CollectingRunner {
  const runner = new CollectingRunner(PATIENCE)
  placementKit('subject', { setup: async () => ({ placement }), teardown: async () => {} }, runner)
  return runner
}

describe('The placement kit', () => {
  it('lets a good placement pass', async () => {
    expect(await registered(new RendezvousPlacement()).failures()).to.deep.equal([])
  })

  for (const [promise, placement] of BROKEN_PLACEMENTS) {
    it(`catches a placement that breaks "${promise}"`, async () => {
      expect(await registered(placement).failures(promise)).to.deep.equal([promise])
    })
  }

  it('has a broken placement for every promise', () => {
    const promises = BROKEN_PLACEMENTS.map(([promise]) => promise)
    expect(registered(new RendezvousPlacement()).names.toSorted()).to.deep.equal(promises.toSorted())
  })
})
