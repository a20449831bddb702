import assert from 'node:assert/strict'
import type { Protocol } from '../../../kernel/contract/index.js'
import type { KitPromise } from '../runner.js'
import { openStatesOf, reachedFrom, statesOf } from './reading.js'

/** How a branch comes to its end. */
export const protocolEndPromises: ReadonlyArray<KitPromise<Protocol>> = [
  {
    name: 'can come into each of its states',
    test: async protocol => {
      const reached = reachedFrom(protocol, protocol.initial)
      assert.deepEqual(statesOf(protocol).filter(state => !reached.has(state)), [])
    },
  },
  {
    name: 'can come to an end from each of its states',
    test: async protocol => {
      const isStuck = (state: string): boolean => !protocol.final.some(end => reachedFrom(protocol, state).has(end))
      assert.deepEqual(statesOf(protocol).filter(isStuck), [])
    },
  },
  {
    name: 'lets nobody speak, and waits for nothing, when a branch is over',
    test: async ({ final, steps, deadlines }) => {
      assert.deepEqual([...steps, ...deadlines].filter(({ state }) => final.includes(state)), [])
    },
  },
  {
    name: 'has at most one deadline for a state, which leads elsewhere',
    test: async ({ deadlines }) => {
      assert.equal(new Set(deadlines.map(({ state }) => state)).size, deadlines.length)
      assert.deepEqual(deadlines.filter(({ state, to }) => state === to), [])
    },
  },
  {
    name: 'has a deadline wherever the initiator asks for an answer',
    test: async protocol => {
      const asked = protocol.steps.filter(({ role, to }) => role === 'initiator' && !protocol.final.includes(to)).map(({ to }) => to)
      const states = openStatesOf(protocol).filter(state => asked.includes(state))
      assert.deepEqual(states.filter(state => !protocol.deadlines.some(deadline => deadline.state === state)), [])
    },
  },
]
