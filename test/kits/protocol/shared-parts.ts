import assert from 'node:assert/strict'
import type { Act, Protocol, Speaker } from '../../../kernel/contract/index.js'
import type { KitPromise } from '../runner.js'
import { actsOf, openStatesOf, targetsOf } from './reading.js'

/** An act ends the branch in every open state. */
function endsEverywhere (protocol: Protocol, role: Speaker, act: Act): void {
  for (const state of openStatesOf(protocol)) {
    const targets = targetsOf(protocol, state, role, act)
    assert.equal(targets.length, 1, `in ${state}`)
    assert.deepEqual(targets.filter(to => !protocol.final.includes(to)), [], `in ${state}`)
  }
}

/** The states that a cancel leads into. */
const cancellingOf = ({ steps }: Protocol): Set<string> =>
  new Set(steps.filter(({ role, acts }) => role === 'initiator' && acts.includes('cancel')).map(({ to }) => to))

/** What the FIPA specifications say in common of all interaction protocols. */
export const protocolSharedPromises: ReadonlyArray<KitPromise<Protocol>> = [
  {
    name: 'ends the branch by not-understood from either side, in every open state',
    test: async protocol => {
      endsEverywhere(protocol, 'initiator', 'not-understood')
      endsEverywhere(protocol, 'participant', 'not-understood')
    },
  },
  {
    name: 'ends the branch by the platform\'s failure, in every open state',
    test: async protocol => endsEverywhere(protocol, 'platform', 'failure'),
  },
  {
    name: 'lets the platform say nothing but failure',
    test: async ({ steps }) => {
      assert.deepEqual(steps.filter(({ role, acts }) => role === 'platform' && acts.some(act => act !== 'failure')), [])
    },
  },
  {
    name: 'lets the initiator cancel in every open state, once',
    ability: 'cancel',
    test: async protocol => {
      const cancelling = cancellingOf(protocol)
      for (const state of openStatesOf(protocol)) {
        assert.equal(targetsOf(protocol, state, 'initiator', 'cancel').length, cancelling.has(state) ? 0 : 1, `in ${state}`)
      }
    },
  },
  {
    name: 'ends a cancelled branch when the participant confirms, or says that it can\'t',
    ability: 'cancel',
    test: async protocol => {
      for (const state of cancellingOf(protocol)) {
        for (const act of ['inform', 'failure'] as const) {
          const targets = targetsOf(protocol, state, 'participant', act)
          assert.deepEqual(targets.map(to => protocol.final.includes(to)), [true], `${state}, ${act}`)
        }
      }
    },
  },
  {
    name: 'takes what the participant had said before the cancel reached it',
    ability: 'cancel',
    test: async protocol => {
      for (const state of openStatesOf(protocol)) {
        for (const cancelling of targetsOf(protocol, state, 'initiator', 'cancel')) {
          const taken = actsOf(protocol, cancelling, 'participant')
          assert.deepEqual(actsOf(protocol, state, 'participant').filter(act => !taken.includes(act)), [], `said in ${state}`)
        }
      }
    },
  },
]
