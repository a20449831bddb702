import assert from 'node:assert/strict'
import { ACTS, OVER, type Protocol, type Speaker } from '../../../kernel/contract/index.js'
import type { KitPromise } from '../runner.js'
import { statesOf, targetsOf } from './reading.js'

const SPEAKERS: readonly Speaker[] = ['initiator', 'participant', 'platform']
/** Most states: they are numbered by one byte. */
const STATES = 255

/** What a table is made of. */
export const protocolTablePromises: ReadonlyArray<KitPromise<Protocol>> = [
  {
    name: 'is plain data, which can cross threads',
    test: async protocol => assert.deepEqual(structuredClone(protocol), protocol),
  },
  {
    name: 'has a name that is one word, and names its specification',
    test: async ({ name, specification }) => {
      assert.match(name, /^[a-z][a-z0-9-]{0,63}$/)
      assert.notEqual(specification.trim(), '')
    },
  },
  {
    name: `has at most ${STATES} states, none of which is called ${OVER}`,
    test: async protocol => {
      const states = statesOf(protocol)
      assert.ok(states.length <= STATES, `${states.length} states`)
      assert.ok(!states.includes(OVER))
    },
  },
  {
    name: 'knows the acts of FIPA alone',
    test: async ({ steps, deadlines, lateAnswers = [] }) => {
      const acts = [
        ...steps.flatMap(step => step.acts), ...deadlines.map(({ tells }) => tells),
        ...lateAnswers.flatMap(late => [...late.acts, late.says]),
      ]
      assert.deepEqual(acts.filter(act => !ACTS.includes(act)), [])
    },
  },
  {
    name: 'leads to one state by each act',
    test: async protocol => {
      for (const state of statesOf(protocol)) {
        for (const role of SPEAKERS) {
          for (const act of ACTS) assert.ok(targetsOf(protocol, state, role, act).length <= 1, `${state}, ${role}, ${act}`)
        }
      }
    },
  },
  {
    name: 'begins with an act of the initiator, and with nothing else',
    test: async ({ initial, steps, deadlines }) => {
      const first = steps.filter(step => step.state === initial)
      assert.ok(first.length > 0)
      assert.deepEqual(first.filter(step => step.role !== 'initiator'), [])
      assert.deepEqual([...steps, ...deadlines].filter(({ to }) => to === initial), [])
      assert.deepEqual(deadlines.filter(({ state }) => state === initial), [])
    },
  },
  {
    name: 'answers only what is out of turn, and each act in one way',
    test: async protocol => {
      const seen = new Set<string>()
      for (const { state, role, acts } of protocol.lateAnswers ?? []) {
        assert.ok(state === OVER || (state !== protocol.initial && statesOf(protocol).includes(state)), state)
        for (const act of acts) {
          assert.deepEqual(targetsOf(protocol, state, role, act), [], `${state}, ${role}, ${act}`)
          assert.ok(!seen.has(`${state} ${role} ${act}`), `${state}, ${role}, ${act}`)
          seen.add(`${state} ${role} ${act}`)
        }
      }
    },
  },
]
