import assert from 'node:assert/strict'
import type { PlaceableNode } from '../../../kernel/contract/index.js'
import type { KitPromise } from '../runner.js'
import { AGENTS, CLUSTER, orders, type PlacementSubject } from './subject.js'

const zoneOf = (nodeId: string | undefined): string | undefined => CLUSTER.find(node => node.nodeId === nodeId)?.zone
const without = (gone: string): PlaceableNode[] => CLUSTER.filter(({ nodeId }) => nodeId !== gone)
const SELF: PlaceableNode = { nodeId: 'self', zone: 'a', agents: 0 }

export const placementSurvivalPromises: ReadonlyArray<KitPromise<PlacementSubject>> = [
  {
    name: 'names an adopter of another zone, and one of the same if there is no other',
    test: async ({ placement }) => {
      const alone = CLUSTER.filter(({ zone }) => zone === 'a')
      for (const agent of AGENTS) {
        assert.notEqual(zoneOf(placement.adopter(agent, 'a', CLUSTER)), 'a')
        assert.equal(zoneOf(placement.adopter(agent, 'a', alone)), 'a')
      }
      assert.equal(placement.adopter('x', 'a', []), undefined)
    },
  },
  {
    name: 'names the same adopter on every survivor, though they count different loads',
    test: async ({ placement }) => {
      for (const agent of AGENTS) {
        const adopter = placement.adopter(agent, 'a', CLUSTER)
        for (const order of orders(CLUSTER)) {
          assert.equal(placement.adopter(agent, 'a', order.map((node, index) => ({ ...node, agents: index }))), adopter)
        }
      }
    },
  },
  {
    name: 'names another adopter only for the agents of the adopter that goes',
    test: async ({ placement }) => {
      for (const agent of AGENTS) {
        const adopter = placement.adopter(agent, 'd', CLUSTER)
        for (const { nodeId } of CLUSTER) {
          if (nodeId !== adopter) assert.equal(placement.adopter(agent, 'd', without(nodeId)), adopter)
        }
      }
    },
  },
  {
    name: 'names keepers of other zones, each another one, never the node itself',
    test: async ({ placement }) => {
      for (const key of AGENTS) {
        const keepers = placement.keepers(key, SELF, [...CLUSTER, SELF], 2)
        assert.deepEqual(new Set(keepers.map(zoneOf)), new Set(['b', 'c']))
        assert.equal(keepers.length, 2)
        const all = placement.keepers(key, SELF, [...CLUSTER, SELF], 9)
        assert.deepEqual(all.toSorted(), CLUSTER.map(({ nodeId }) => nodeId).toSorted())
      }
    },
  },
  {
    name: 'names keepers alike whatever the order, and one other one when a keeper goes',
    test: async ({ placement }) => {
      for (const key of AGENTS) {
        const keepers = placement.keepers(key, SELF, CLUSTER, 3)
        for (const order of orders(CLUSTER)) assert.deepEqual(placement.keepers(key, SELF, order, 3), keepers)
        for (const { nodeId } of CLUSTER) {
          const next = placement.keepers(key, SELF, without(nodeId), 3)
          const stay = keepers.filter(keeper => keeper !== nodeId)
          assert.deepEqual(stay.filter(keeper => !next.includes(keeper)), [])
        }
      }
    },
  },
  {
    name: 'balances alike whatever the order, and then has nothing left to move',
    test: async ({ placement }) => {
      const agents = new Map(CLUSTER.map(({ nodeId, agents: count }) => [nodeId, AGENTS.slice(0, count).map(name => `${nodeId}-${name}`)]))
      const moves = placement.balance(agents, CLUSTER)
      for (const order of orders(CLUSTER)) {
        const shuffled = new Map([...agents.keys()].toReversed().map(nodeId => [nodeId, (agents.get(nodeId) ?? []).toReversed()]))
        assert.deepEqual(placement.balance(shuffled, order), moves)
      }
      for (const { agent, from, to } of moves) {
        agents.set(from, (agents.get(from) ?? []).filter(name => name !== agent))
        agents.set(to, [...agents.get(to) ?? [], agent])
      }
      const counts = [...agents.values()].map(names => names.length)
      assert.ok(Math.max(...counts) - Math.min(...counts) <= 1)
      assert.deepEqual(placement.balance(agents, CLUSTER.map(node => ({ ...node, agents: agents.get(node.nodeId)?.length ?? 0 }))), [])
    },
  },
]
