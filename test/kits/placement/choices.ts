import assert from 'node:assert/strict'
import type { PlacementWish } from '../../../kernel/contract/index.js'
import type { KitPromise } from '../runner.js'
import { AGENTS, CLUSTER, orders, type PlacementSubject } from './subject.js'

const LEAST: PlacementWish = { strategy: 'least-loaded' }
const SPREAD: PlacementWish = { strategy: 'spread' }
const WISHES: readonly PlacementWish[] =
  [LEAST, SPREAD, { strategy: 'prefer', nodes: ['cleo', 'bert'] }, { strategy: 'node', node: 'anna' }]

export const placementChoicePromises: ReadonlyArray<KitPromise<PlacementSubject>> = [
  {
    name: 'chooses where the fewest agents are',
    test: async ({ placement }) => {
      assert.deepEqual(placement.choose('x', LEAST, 1, CLUSTER), ['arne'])
      assert.deepEqual(placement.choose('x', LEAST, 3, CLUSTER), ['arne', 'bert', 'anna'])
    },
  },
  {
    name: 'chooses another node for each instance, and fewer when there are not enough',
    test: async ({ placement }) => {
      for (const wish of WISHES) {
        const chosen = placement.choose('x', wish, 9, CLUSTER)
        assert.equal(new Set(chosen).size, chosen.length)
        assert.equal(chosen.length, wish.strategy === 'node' ? 1 : CLUSTER.length)
      }
    },
  },
  {
    name: 'chooses none when there are none, or none is wanted',
    test: async ({ placement }) => {
      for (const wish of WISHES) {
        assert.deepEqual(placement.choose('x', wish, 1, []), [])
        assert.deepEqual(placement.choose('x', wish, 0, CLUSTER), [])
      }
    },
  },
  {
    name: 'chooses the first preferred node that is there, else where the fewest are',
    test: async ({ placement }) => {
      assert.deepEqual(placement.choose('x', { strategy: 'prefer', nodes: ['gone', 'cleo', 'anna'] }, 2, CLUSTER), ['cleo', 'anna'])
      assert.deepEqual(placement.choose('x', { strategy: 'prefer', nodes: ['gone'] }, 1, CLUSTER), ['arne'])
    },
  },
  {
    name: 'chooses the one node that is asked for, or nowhere',
    test: async ({ placement }) => {
      assert.deepEqual(placement.choose('x', { strategy: 'node', node: 'bodo' }, 1, CLUSTER), ['bodo'])
      assert.deepEqual(placement.choose('x', { strategy: 'node', node: 'gone' }, 1, CLUSTER), [])
    },
  },
  {
    name: 'spreads over as many zones as there are, where the fewest are in each',
    test: async ({ placement }) => {
      const chosen = placement.choose('x', SPREAD, 3, CLUSTER)
      assert.deepEqual(chosen.toSorted(), ['arne', 'bert', 'cleo'])
      assert.equal(placement.choose('x', SPREAD, 4, CLUSTER).length, 4)
    },
  },
  {
    name: 'chooses alike whatever the order of the nodes',
    test: async ({ placement }) => {
      for (const wish of WISHES) {
        for (const agent of AGENTS) {
          const chosen = placement.choose(agent, wish, 3, CLUSTER)
          for (const order of orders(CLUSTER)) assert.deepEqual(placement.choose(agent, wish, 3, order), chosen)
        }
      }
    },
  },
]
