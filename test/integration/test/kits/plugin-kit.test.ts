import { expect } from 'chai'
import storeMemory from '../../../../plugins/store-memory/plugin.js'
import { SPOILED } from '../../../fixtures/plugin-kit/spoiled-plugin.js'
import { pluginKit } from '../../../kits/plugin.js'
import { CollectingRunner } from '../../../support/collecting-runner.js'

/** Milliseconds that a test of the kit may take. */
const PATIENCE = 15_000

function registered (promise = ''): CollectingRunner {
  const module = new URL('../../../fixtures/plugin-kit/spoiled-plugin.js', import.meta.url)
  module.searchParams.set('breaks', promise)
  const runner = new CollectingRunner(PATIENCE)
  pluginKit('subject', {
    setup: async () => ({ module, config: { password: 'a word that nobody knows' }, beside: [storeMemory], patience: 50 }),
    teardown: async () => {},
  }, runner)
  return runner
}

describe('The plugin kit', () => {
  it('lets a good plugin pass', async () => {
    expect(await registered().failures()).to.deep.equal([])
  })

  for (const promise of SPOILED.keys()) {
    it(`catches a plugin that breaks "${promise}"`, async () => {
      expect(await registered(promise).failures(promise)).to.deep.equal([promise])
    })
  }

  it('has a broken plugin for every promise', () => {
    expect(registered().names.toSorted()).to.deep.equal([...SPOILED.keys()].toSorted())
  })
})
