import { expect } from 'chai'
import type { Authenticator, Logger } from '../../../../kernel/contract/index.js'
import { BROKEN_AUTHENTICATORS } from '../../../fixtures/authenticators/broken-authenticators.js'
import { authenticatorKit } from '../../../kits/authenticator.js'
import { wordSubject } from '../../../support/authenticators/word-authenticator.js'
import { CollectingRunner } from '../../../support/collecting-runner.js'

/** Milliseconds that a test of the kit may take. */
const PATIENCE = 1_500

function registered (made?: (log: Logger) => Authenticator): CollectingRunner {
  const runner = new CollectingRunner(PATIENCE)
  authenticatorKit('subject', { setup: async () => wordSubject(made), teardown: async () => {} }, runner)
  return runner
}

describe('The authenticator kit', () => {
  it('lets a good authenticator pass', async () => {
    expect(await registered().failures()).to.deep.equal([])
  })

  for (const [promise, made] of BROKEN_AUTHENTICATORS) {
    it(`catches an authenticator that breaks "${promise}"`, async () => {
      expect(await registered(made).failures(promise)).to.deep.equal([promise])
    })
  }

  it('has a broken authenticator for every promise', () => {
    const promises = BROKEN_AUTHENTICATORS.map(([promise]) => promise)
    expect(registered().names.toSorted()).to.deep.equal(promises.toSorted())
  })
})
