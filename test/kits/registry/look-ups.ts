import assert from 'node:assert/strict'
import type { KitPromise } from '../runner.js'
import { listing, namesOf, type RegistrySubject } from './subject.js'

const FULL = listing('full', {
  claim: 7, state: 'draining', delivery: 2, offers: ['{"name":"bake","version":"1.2"}', '{"name":"käse"}'], topics: ['news/*', 'weather'],
  homes: ['node-2', 'node-7'], isBound: true,
})

export const registryLookUpPromises: ReadonlyArray<KitPromise<RegistrySubject>> = [
  {
    name: 'finds what the node itself made known, at once',
    test: async ({ nodes: [{ nodeId, registry }] }) => {
      registry.announce(FULL)
      assert.deepEqual(registry.find('full'), { nodeId, listing: FULL })
    },
  },
  {
    name: 'finds on every node what one made known, unchanged',
    test: async ({ nodes, settle }) => {
      nodes[0].registry.announce(FULL)
      await settle()
      for (const { registry } of nodes) assert.deepEqual(registry.find('full'), { nodeId: nodes[0].nodeId, listing: FULL })
    },
  },
  {
    name: 'finds the latest that was made known',
    test: async ({ nodes, settle }) => {
      nodes[0].registry.announce(FULL)
      await settle()
      nodes[0].registry.announce(listing('full', { state: 'failed' }))
      await settle()
      for (const { registry } of nodes) assert.deepEqual(registry.find('full')?.listing, listing('full', { state: 'failed' }))
    },
  },
  {
    name: 'no longer finds what was withdrawn',
    test: async ({ nodes, settle }) => {
      nodes[0].registry.announce(FULL)
      await settle()
      nodes[0].registry.withdraw('full')
      nodes[0].registry.withdraw('never-there')
      assert.equal(nodes[0].registry.find('full'), undefined)
      await settle()
      for (const { registry } of nodes) assert.equal(registry.find('full'), undefined)
    },
  },
  {
    name: 'finds of several claims the highest, and of equal ones that of the least node',
    test: async ({ nodes, settle }) => {
      const ids = nodes.map(({ nodeId }) => nodeId).toSorted((one, other) => one < other ? -1 : 1)
      for (const { registry } of nodes) registry.announce(listing('equal'))
      for (const { nodeId, registry } of nodes) registry.announce(listing('rising', { claim: 1 + ids.indexOf(nodeId) }))
      await settle()
      for (const { registry } of nodes) {
        assert.equal(registry.find('equal')?.nodeId, ids[0])
        assert.equal(registry.find('rising')?.nodeId, ids[2])
      }
    },
  },
  {
    name: 'names everybody who claims an agent',
    test: async ({ nodes, settle }) => {
      nodes[0].registry.announce(listing('twice'))
      nodes[2].registry.announce(listing('twice', { claim: 2 }))
      await settle()
      for (const { registry } of nodes) {
        const claims = new Map(registry.claims('twice').map(({ nodeId, listing: { claim } }) => [nodeId, claim]))
        assert.deepEqual(claims, new Map([[nodes[0].nodeId, 1], [nodes[2].nodeId, 2]]))
        assert.deepEqual(registry.claims('nobody'), [])
      }
    },
  },
  {
    name: 'lists and counts the agents of each node',
    test: async ({ nodes, settle }) => {
      nodes[0].registry.announce(listing('a'))
      nodes[0].registry.announce(listing('b'))
      nodes[1].registry.announce(listing('c'))
      await settle()
      for (const { registry } of nodes) {
        assert.deepEqual(nodes.map(({ nodeId }) => namesOf(registry.ofNode(nodeId))), [['a', 'b'], ['c'], []])
        assert.deepEqual(nodes.map(({ nodeId }) => registry.count(nodeId)), [2, 1, 0])
        assert.equal(registry.count(), 3)
        assert.equal(registry.nodes().includes(nodes[0].nodeId) && registry.nodes().includes(nodes[1].nodeId), true)
      }
    },
  },
]
