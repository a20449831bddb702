import { expect } from 'chai'
import { MemoryStore } from '../../../../plugins/store-memory/memory-store.js'
import type { StoppableStore } from '../../../fixtures/stores/altered-store.js'
import { BROKEN_MIGRATIONS, FORGETFUL_PROMISES } from '../../../fixtures/stores/broken-migrations.js'
import { BROKEN_STORES } from '../../../fixtures/stores/broken-stores.js'
import { storeKit, type StoreSubject } from '../../../kits/store.js'
import { CollectingRunner } from '../../../support/collecting-runner.js'

const BROKEN = [...BROKEN_STORES, ...BROKEN_MIGRATIONS]
const memory = (): StoppableStore => new MemoryStore({ max_size: 64 * 1024 * 1024 })

function registered (make: () => StoppableStore, lacks: readonly string[]): CollectingRunner {
  const runner = new CollectingRunner()
  const fresh = async (): Promise<StoreSubject> => {
    const store = make()
    return { store, stop: () => store.stop(), reopen: fresh }
  }
  storeKit('subject', { setup: fresh, teardown: each => each.stop(), lacks }, runner)
  return runner
}

describe('The store kit', () => {
  it('lets a good store pass', async () => {
    expect(await registered(memory, ['restart']).failures()).to.deep.equal([])
  })

  it('shows what a store lacks as skipped', () => {
    expect(registered(memory, ['restart']).skipped).to.deep.equal(FORGETFUL_PROMISES)
  })

  it('catches a store that forgets all when it restarts', async () => {
    expect(await registered(memory, []).failures()).to.deep.equal(FORGETFUL_PROMISES)
  })

  for (const [promise, make] of BROKEN) {
    it(`catches a store that breaks "${promise}"`, async () => {
      expect(await registered(make, ['restart']).failures(promise)).to.deep.equal([promise])
    })
  }

  it('has a broken store for every promise', () => {
    const broken = [...BROKEN.map(([promise]) => promise), ...FORGETFUL_PROMISES]
    expect(registered(memory, []).names.toSorted()).to.deep.equal(broken.toSorted())
  })
})
