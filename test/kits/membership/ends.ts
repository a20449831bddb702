import assert from 'node:assert/strict'
import type { KitPromise } from '../runner.js'
import { cluster, joined, never, refuses, sees, settled, type MembershipSubject } from './subject.js'

/** How nodes go, and come back. */
export const membershipEndPromises: ReadonlyArray<KitPromise<MembershipSubject>> = [
  {
    name: 'finds out that a node vanished, and tells so once',
    test: async subject => {
      const [a, b, c] = await cluster(subject, 'node-a', 'node-b', 'node-c')
      assert.ok(a && b && c)
      c.vanish()
      await subject.until(() => [a, b].every(node => sees(node, 'node-c') === 'dead'))
      await subject.linger()
      for (const node of [a, b]) assert.equal(node.kinds('node-c').filter(kind => kind === 'died').length, 1, `${node.id} was told`)
      for (const { changes } of [a, b]) assert.ok(changes.some(({ kind, because }) => kind === 'died' && because.length > 0), 'it says why')
    },
  },
  {
    name: 'tells apart who left from who died, and counts no more on who left',
    test: async subject => {
      const [a, b, c] = await cluster(subject, 'node-a', 'node-b', 'node-c')
      assert.ok(a && b && c)
      await settled(subject, c.membership.leave(never()))
      await subject.until(() => [a, b].every(node => sees(node, 'node-c') === 'left' && node.membership.view().admitted === 2))
      await c.stop()
      await subject.linger()
      for (const node of [a, b]) {
        assert.deepEqual(node.kinds('node-c').filter(kind => kind === 'left' || kind === 'died'), ['left'])
        assert.equal(node.membership.view().standing, 'normal')
      }
    },
  },
  {
    name: 'takes a node back that comes again, with a greater incarnation',
    test: async subject => {
      const [a, b] = await cluster(subject, 'node-a', 'node-b')
      assert.ok(a && b)
      const before = b.membership.self().incarnation
      b.vanish()
      await subject.until(() => sees(a, 'node-b') === 'dead')
      const again = await joined(subject, 'node-b', a)
      await subject.until(() => sees(a, 'node-b') === 'alive')
      assert.ok(again.membership.self().incarnation > before, 'its incarnation has grown')
      assert.ok(['back', 'joined'].includes(a.kinds('node-b').filter(kind => kind !== 'updated').at(-1) ?? ''), 'it tells that it is back')
    },
  },
  {
    name: 'stands with a minority when most are gone, says so, and writes nothing then',
    test: async subject => {
      const [a, b, c] = await cluster(subject, 'node-a', 'node-b', 'node-c')
      assert.ok(a && b && c)
      const views: string[] = []
      a.membership.onView(({ standing }) => { views.push(standing) }, never())
      await subject.until(() => a.membership.view().reachable === 3)
      b.vanish()
      c.vanish()
      await subject.until(() => a.membership.view().standing === 'minority')
      const { isWritable, reachable, admitted } = a.membership.view()
      assert.deepEqual({ isWritable, reachable, admitted }, { isWritable: false, reachable: 1, admitted: 3 })
      assert.equal(views.at(-1), 'minority')
    },
  },
  {
    name: 'forgets a dead node that is removed, everywhere, and refuses to remove one that lives or is unknown',
    test: async subject => {
      const [a, b, c] = await cluster(subject, 'node-a', 'node-b', 'node-c')
      assert.ok(a && b && c)
      await refuses('CLUSTER_NODE_UNKNOWN', settled(subject, a.membership.remove('node-x', false)))
      await refuses('CLUSTER_NODE_ALIVE', settled(subject, a.membership.remove('node-c', false)))
      c.vanish()
      await subject.until(() => [a, b].every(node => sees(node, 'node-c') === 'dead'))
      await settled(subject, a.membership.remove('node-c', false))
      await subject.until(() => [a, b].every(({ membership }) => membership.view().admitted === 2))
      for (const node of [a, b]) assert.ok(!['alive', 'suspect'].includes(sees(node, 'node-c') ?? ''))
    },
  },
]
