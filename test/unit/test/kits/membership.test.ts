import { expect } from 'chai'
import { BROKEN_MEMBERSHIPS, type Alter } from '../../../fixtures/memberships/broken-memberships.js'
import { membershipKit } from '../../../kits/membership.js'
import { CollectingRunner } from '../../../support/collecting-runner.js'
import { memoryMembers } from '../../../support/membership/memory-subject.js'

function registered (alter?: Alter): CollectingRunner {
  const runner = new CollectingRunner()
  membershipKit('subject', { setup: async () => memoryMembers(alter), teardown: async () => {} }, runner)
  return runner
}

describe('The membership kit', () => {
  it('lets a good membership pass', async () => {
    expect(await registered().failures()).to.deep.equal([])
  })

  for (const [promise, alter] of BROKEN_MEMBERSHIPS) {
    it(`catches a membership that breaks "${promise}"`, async () => {
      expect(await registered(alter).failures(promise)).to.deep.equal([promise])
    })
  }

  it('has a broken membership for every promise', () => {
    expect(registered().names.toSorted()).to.deep.equal(BROKEN_MEMBERSHIPS.map(([promise]) => promise).toSorted())
  })
})
