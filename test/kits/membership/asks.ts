import assert from 'node:assert/strict'
import type { KitPromise } from '../runner.js'
import { cluster, joined, never, refuses, sees, settled, type MembershipSubject } from './subject.js'

/** What a node can be asked to do. */
export const membershipAskPromises: ReadonlyArray<KitPromise<MembershipSubject>> = [
  {
    name: 'says how many answered when it joins, and fails when nobody did',
    test: async subject => {
      const [a, b] = [await joined(subject, 'node-a'), await joined(subject, 'node-b')]
      assert.equal(await settled(subject, b.membership.join([a.seed], never())), 1)
      const gone = await joined(subject, 'node-c')
      gone.vanish()
      await refuses('CLUSTER_JOIN_FAILED', settled(subject, b.membership.join([gone.seed], never())))
    },
  },
  {
    name: 'gives up a join whose signal has aborted',
    test: async subject => {
      const [a, b] = [await joined(subject, 'node-a'), await joined(subject, 'node-b')]
      await assert.rejects(settled(subject, b.membership.join([a.seed], AbortSignal.abort(new Error('called off')))))
    },
  },
  {
    name: 'answers a ping with its round trip, and says when it can\'t',
    test: async subject => {
      const [a, b] = await cluster(subject, 'node-a', 'node-b')
      assert.ok(a && b)
      const milliseconds = await settled(subject, a.membership.ping('node-b', never()))
      assert.ok(Number.isFinite(milliseconds) && milliseconds >= 0, `${milliseconds} ms`)
      await refuses('CLUSTER_NODE_UNKNOWN', settled(subject, a.membership.ping('node-x', never())))
      b.vanish()
      await refuses('CLUSTER_NODE_SILENT', settled(subject, a.membership.ping('node-b', never())))
    },
  },
  {
    name: 'accuses nobody because of a doubt',
    test: async subject => {
      const [a, b] = await cluster(subject, 'node-a', 'node-b')
      assert.ok(a && b)
      a.membership.doubt('node-x')
      for (let round = 0; round < 5; round++) a.membership.doubt('node-b')
      await subject.linger()
      assert.equal(sees(a, 'node-b'), 'alive')
      assert.deepEqual(a.kinds('node-b').filter(kind => kind !== 'updated'), ['joined'])
    },
  },
  {
    name: 'carries what one node whispers to the others, and says whose it is',
    test: async subject => {
      const heard: string[] = []
      const nodes = await cluster(subject, 'node-a', 'node-b')
      for (const { id, membership } of nodes) {
        membership.whisper({
          tell: () => new TextEncoder().encode(`of ${id}`),
          heard: (from, bytes) => { heard.push(`${id} from ${from}: ${new TextDecoder().decode(bytes)}`) },
        })
      }
      const expected = ['node-a from node-b: of node-b', 'node-b from node-a: of node-a']
      await subject.until(() => expected.every(text => heard.includes(text)))
      assert.deepEqual([...new Set(heard)].filter(text => !text.endsWith(': ')).toSorted(), expected)
    },
  },
]
