import { expect } from 'chai'
import { BROKEN_STATES, type StoppableState } from '../../../fixtures/state-backends/broken-states.js'
import { MemoryState } from '../../../fixtures/state-backends/memory-state.js'
import { stateBackendKit } from '../../../kits/state-backend.js'
import { CollectingRunner } from '../../../support/collecting-runner.js'

const RESTART = 'finds everything again after a restart, and versions go on rising'
const good = (): StoppableState => new MemoryState()

function registered (
  make: () => StoppableState, lacks: readonly string[] = [], reopen = (state: StoppableState) => state.open(),
): CollectingRunner {
  const runner = new CollectingRunner(2500)
  stateBackendKit('subject', {
    setup: async () => {
      const backend = make()
      return { backend, stop: () => backend.stop(), second: async () => backend.open(), reopen: async () => reopen(backend) }
    },
    teardown: ({ stop }) => stop(),
    lacks,
  }, runner)
  return runner
}

describe('The kit of state backends', () => {
  it('lets a good backend pass', async () => {
    expect(await registered(good).failures()).to.deep.equal([])
  }).timeout(20_000)

  it('shows what a backend lacks as skipped', () => {
    expect(registered(good, ['restart', 'sharing']).skipped).to.have.length(2).and.to.include(RESTART)
  })

  it('catches a backend that forgets all when it restarts', async () => {
    expect(await registered(good, [], () => new MemoryState()).failures(RESTART)).to.deep.equal([RESTART])
  })

  for (const [promise, make] of BROKEN_STATES) {
    it(`catches a backend that breaks "${promise}"`, async () => {
      expect(await registered(make).failures(promise)).to.deep.equal([promise])
    }).timeout(10_000)
  }

  it('has a backend for each promise that breaks it', () => {
    expect([...BROKEN_STATES.map(([promise]) => promise), RESTART]).to.have.members(registered(good).names)
  })
})
