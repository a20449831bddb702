import assert from 'node:assert/strict'
import type { KitPromise } from '../runner.js'
import { cluster, joined, never, ROAD, sees, type MembershipSubject } from './subject.js'

/** What a node knows, and of whom it is told. */
export const membershipSightPromises: ReadonlyArray<KitPromise<MembershipSubject>> = [
  {
    name: 'knows itself before it knows anybody else',
    test: async subject => {
      const { membership } = await joined(subject, 'node-a')
      const { nodeId, state, isCaxton } = membership.self()
      assert.deepEqual({ nodeId, state, isCaxton }, { nodeId: 'node-a', state: 'alive', isCaxton: true })
      assert.deepEqual(membership.members().map(member => member.nodeId), ['node-a'])
      const { standing, admitted, reachable, isWritable } = membership.view()
      assert.deepEqual({ standing, admitted, reachable, isWritable }, { standing: 'normal', admitted: 1, reachable: 1, isWritable: true })
    },
  },
  {
    name: 'shows everybody to everybody, in the order of their ids',
    test: async subject => {
      const nodes = await cluster(subject, 'node-b', 'node-c', 'node-a')
      for (const { membership } of nodes) {
        assert.deepEqual(membership.members().map(({ nodeId }) => nodeId), ['node-a', 'node-b', 'node-c'])
        assert.equal(membership.member('node-x'), undefined)
      }
      await subject.until(() => nodes.every(({ membership }) => membership.view().reachable === 3))
      for (const { membership } of nodes) assert.equal(membership.view().admitted, 3)
    },
  },
  {
    name: 'tells others how a node is reached',
    test: async subject => {
      const [a, b] = await cluster(subject, 'node-a', 'node-b')
      assert.ok(a && b)
      await subject.until(() => a.membership.member('node-b')?.roads.length === 1)
      assert.deepEqual(a.membership.member('node-b')?.roads, [ROAD])
      assert.equal(a.membership.member('node-b')?.zone, b.membership.self().zone)
    },
  },
  {
    name: 'tells once that a node joined, and nothing of itself',
    test: async subject => {
      const nodes = await cluster(subject, 'node-a', 'node-b', 'node-c')
      await subject.linger()
      for (const node of nodes) {
        assert.deepEqual(node.kinds(node.id), [])
        for (const { id } of nodes.filter(other => other !== node)) {
          assert.deepEqual(node.kinds(id).filter(kind => kind !== 'updated'), ['joined'], `${node.id} was told of ${id}`)
        }
      }
    },
  },
  {
    name: 'tells of a change when it has happened: who asks then is told the same',
    test: async subject => {
      const a = await joined(subject, 'node-a')
      const differing: string[] = []
      a.membership.onChange(({ kind, member }) => {
        const found = a.membership.member(member.nodeId)
        if (kind !== 'removed' && found?.state !== member.state) differing.push(`${kind}: ${member.state}, and asked: ${found?.state}`)
      }, never())
      const b = await joined(subject, 'node-b', a)
      await subject.until(() => sees(a, 'node-b') === 'alive')
      b.vanish()
      await subject.until(() => sees(a, 'node-b') === 'dead')
      assert.deepEqual(differing, [])
    },
  },
  {
    name: 'may be asked and told anything from inside a callback',
    test: async subject => {
      const a = await joined(subject, 'node-a')
      const asked: number[] = []
      a.membership.onChange(({ member }) => {
        const { membership } = a
        membership.doubt(member.nodeId)
        membership.onChange(() => { asked.push(0) }, AbortSignal.abort())
        asked.push(membership.members().length + membership.view().admitted)
        membership.ping(member.nodeId, never()).catch(() => undefined)
      }, never())
      await joined(subject, 'node-b', a)
      await subject.until(() => sees(a, 'node-b') === 'alive' && asked.length > 0)
      assert.ok(!asked.includes(0), 'a callback whose signal had aborted was called')
    },
  },
  {
    name: 'calls nobody back whose signal has aborted, and nobody after the end',
    test: async subject => {
      const [a] = await cluster(subject, 'node-a', 'node-b')
      assert.ok(a)
      const ending = new AbortController()
      let [changes, views] = [0, 0]
      a.membership.onChange(() => { changes += 1 }, ending.signal)
      a.membership.onView(() => { views += 1 }, ending.signal)
      ending.abort()
      const before = a.changes.length
      await joined(subject, 'node-c', a)
      await subject.until(() => sees(a, 'node-c') === 'alive')
      assert.deepEqual([changes, views, a.changes.length > before], [0, 0, true])
      const told = a.changes.length
      await a.stop()
      await subject.linger()
      assert.equal(a.changes.length, told)
    },
  },
]
