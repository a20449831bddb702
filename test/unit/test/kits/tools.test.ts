import { expect } from 'chai'
import type { Tools } from '../../../../kernel/contract/index.js'
import { BROKEN_TOOLS } from '../../../fixtures/tools/broken-tools.js'
import { toolsKit } from '../../../kits/tools.js'
import { CollectingRunner } from '../../../support/collecting-runner.js'
import { memoryToolsSubject } from '../../../support/tools/memory-tools.js'

/** Milliseconds that a test of the kit may take, with a host that keeps its promises and with one that does not. */
const PATIENCE = 8_000
const SHORT = 300

function registered (patience: number, tools?: Tools): CollectingRunner {
  const runner = new CollectingRunner(patience)
  toolsKit('subject', { setup: async () => memoryToolsSubject(tools), teardown: async () => {} }, runner)
  return runner
}

describe('The tools kit', () => {
  it('lets a good host of tools pass', async () => {
    expect(await registered(PATIENCE).failures()).to.deep.equal([])
  })

  for (const [promise, made] of BROKEN_TOOLS) {
    it(`catches a host that breaks "${promise}"`, async () => {
      expect(await registered(SHORT, made()).failures(promise)).to.deep.equal([promise])
    })
  }

  it('has a broken host for every promise', () => {
    expect(registered(SHORT).names.toSorted()).to.deep.equal(BROKEN_TOOLS.map(([promise]) => promise).toSorted())
  })
})
