import assert from 'node:assert/strict'
import type { RegistryChange } from '../../../kernel/contract/index.js'
import type { KitPromise } from '../runner.js'
import { listing, type RegistryNode, type RegistrySubject } from './subject.js'

const forEver = (): AbortSignal => new AbortController().signal

/** Everything that a node tells of, as it tells it. */
function changesOf ({ registry }: RegistryNode, signal = forEver()): RegistryChange[] {
  const seen: RegistryChange[] = []
  registry.onChange(changes => { seen.push(...changes) }, signal)
  return seen
}

export const registryChangePromises: ReadonlyArray<KitPromise<RegistrySubject>> = [
  {
    name: 'tells on every node, the own one too, what changed',
    test: async ({ nodes, settle }) => {
      const all = nodes.map(node => changesOf(node))
      const [{ nodeId, registry }] = nodes
      registry.announce(listing('a'))
      await settle()
      registry.withdraw('a')
      await settle()
      for (const seen of all) {
        assert.deepEqual(seen, [{ nodeId, name: 'a', listing: listing('a') }, { nodeId, name: 'a', listing: undefined }])
      }
    },
  },
  {
    name: 'tells nothing when nothing changed',
    test: async ({ nodes, settle }) => {
      nodes[0].registry.announce(listing('a'))
      await settle()
      const all = nodes.map(node => changesOf(node))
      nodes[0].registry.announce(listing('a'))
      nodes[0].registry.withdraw('never-there')
      await settle()
      assert.deepEqual(all, [[], [], []])
    },
  },
  {
    name: 'tells nothing more when it was asked to stop',
    test: async ({ nodes, settle }) => {
      const controller = new AbortController()
      const seen = changesOf(nodes[1], controller.signal)
      nodes[0].registry.announce(listing('a'))
      await settle()
      controller.abort()
      nodes[0].registry.announce(listing('b'))
      await settle()
      assert.deepEqual(seen.map(({ name }) => name), ['a'])
    },
  },
  {
    name: 'forgets everything of a node, and tells of it',
    test: async ({ nodes: [gone, here], settle }) => {
      gone.registry.announce(listing('a'))
      here.registry.announce(listing('b'))
      await settle()
      const seen = changesOf(here)
      here.registry.forget(gone.nodeId)
      assert.equal(here.registry.find('a'), undefined)
      assert.equal(here.registry.count(gone.nodeId), 0)
      assert.equal(here.registry.count(), 1)
      assert.deepEqual(seen, [{ nodeId: gone.nodeId, name: 'a', listing: undefined }])
    },
  },
  {
    name: 'knows when it last heard of a node, and that it never did',
    test: async ({ nodes: [one, other], settle }) => {
      one.registry.announce(listing('a'))
      await settle()
      assert.ok(other.registry.heardOf(one.nodeId) > 0)
      assert.equal(other.registry.heardOf('nobody'), 0)
    },
  },
]
