import { expect } from 'chai'
import { BROKEN_REGISTRIES } from '../../../fixtures/registries/broken-registries.js'
import { registryKit, type RegistrySubject } from '../../../kits/registry.js'
import { CollectingRunner } from '../../../support/collecting-runner.js'
import { gossipSubject } from '../../../support/registry/gossip-subject.js'

/** Milliseconds that a test of the kit may take. */
const PATIENCE = 1_500

function registered (breakIt: (subject: RegistrySubject) => RegistrySubject = subject => subject): CollectingRunner {
  const runner = new CollectingRunner(PATIENCE)
  const setup = async (): Promise<RegistrySubject & { stop (): Promise<void> }> => {
    const good = await gossipSubject()
    return { ...breakIt(good), stop: () => good.stop() }
  }
  registryKit('subject', { setup, teardown: subject => subject.stop() }, runner)
  return runner
}

describe('The registry kit', () => {
  it('lets a good registry pass', async () => {
    expect(await registered().failures()).to.deep.equal([])
  })

  for (const [promise, breakIt] of BROKEN_REGISTRIES) {
    it(`catches a registry that breaks "${promise}"`, async () => {
      expect(await registered(breakIt).failures(promise)).to.deep.equal([promise])
    })
  }

  it('has a broken registry for every promise', () => {
    const promises = BROKEN_REGISTRIES.map(([promise]) => promise)
    expect(registered().names.toSorted()).to.deep.equal(promises.toSorted())
  })
})
