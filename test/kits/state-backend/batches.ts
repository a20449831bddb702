import assert from 'node:assert/strict'
import type { StateChange, StateCommit } from '../../../kernel/contract/index.js'
import type { KitPromise } from '../runner.js'
import { fill, keys, put, refuses, remove, type StateBackendSubject, valueOf } from './subject.js'

/** Batches: all or nothing, with versions that only rise. */
export const stateBatchPromises: ReadonlyArray<KitPromise<StateBackendSubject>> = [
  {
    name: 'stores, replaces and deletes in one batch, and says what was before',
    test: async ({ backend }) => {
      const first = await fill(backend, ['a', 'b'])
      assert.deepEqual(first.before, [0, 0])
      const second = await backend.commit([put('c'), put('a', 'new'), remove('b'), remove('never there')])
      assert.deepEqual(second.before, [0, first.version, first.version, 0])
      assert.deepEqual(await keys(backend), ['a', 'c'])
      assert.equal(await valueOf(backend, 'a'), 'new')
    },
  },
  {
    name: 'gives all that a batch stored one version, and each batch a higher one',
    test: async ({ backend }) => {
      const versions: number[] = []
      for (let i = 0; i < 5; i++) {
        const { version } = await backend.commit([put('a', i), put(`b${i}`)])
        assert.ok(Number.isSafeInteger(version) && version >= 1, `${version} is no version`)
        assert.equal((await backend.get('a'))?.version, version)
        assert.equal((await backend.get(`b${i}`))?.version, version)
        versions.push(version)
      }
      assert.deepEqual(versions, [...new Set(versions)].toSorted((a, b) => a - b))
    },
  },
  {
    name: 'never gives a key a version again that it had before it was deleted',
    test: async ({ backend }) => {
      const { version } = await fill(backend, ['a'])
      await backend.commit([remove('a')])
      const again = await fill(backend, ['a'])
      assert.ok(again.version > version)
      await refuses('STATE_CONFLICT', backend.commit([put('a', 'late', version)]))
    },
  },
  {
    name: 'changes a key only if it has the version that is expected',
    test: async ({ backend }) => {
      const { version } = await fill(backend, ['a'])
      const next = await backend.commit([put('a', 'next', version)])
      const details = await refuses('STATE_CONFLICT', backend.commit([put('a', 'late', version)]))
      assert.deepEqual(details, { key: 'a', expected: version, found: next.version })
      assert.equal(await valueOf(backend, 'a'), 'next')
      await refuses('STATE_CONFLICT', backend.commit([remove('a', version)]))
      await backend.commit([remove('a', next.version)])
      const gone = await refuses('STATE_CONFLICT', backend.commit([put('a', 'late', version)]))
      assert.deepEqual(gone, { key: 'a', expected: version, found: 0 })
      assert.equal(await backend.get('a'), undefined)
    },
  },
  {
    name: 'takes 0 for a key that must not be there',
    test: async ({ backend }) => {
      const { version } = await backend.commit([put('a', 'first', 0)])
      assert.deepEqual(await refuses('STATE_CONFLICT', backend.commit([put('a', 'second', 0)])), { key: 'a', expected: 0, found: version })
      assert.equal(await valueOf(backend, 'a'), 'first')
      await backend.commit([remove('b', 0), put('c')])
      assert.deepEqual(await keys(backend), ['a', 'c'])
    },
  },
  {
    name: 'applies nothing of a batch of which one change conflicts',
    test: async ({ backend }) => {
      await fill(backend, ['a', 'b'])
      const before = await backend.stats()
      await refuses('STATE_CONFLICT', backend.commit([put('a', 'changed'), put('new'), remove('b'), put('c', 'c', 999_999)]))
      assert.deepEqual(await keys(backend), ['a', 'b'])
      assert.equal(await valueOf(backend, 'a'), 'a')
      assert.equal((await backend.stats()).keys, before.keys)
    },
  },
  {
    name: 'lets a batch that is refused fail alone among others at once',
    test: async ({ backend }) => {
      const calls = [fill(backend, ['a']), backend.commit([put('b', 'b', 999_999)]), backend.commit([put('')]), fill(backend, ['c'])]
      const results = await Promise.allSettled(calls)
      assert.deepEqual(results.map(result => result.status), ['fulfilled', 'rejected', 'rejected', 'fulfilled'])
      assert.deepEqual(await keys(backend), ['a', 'c'])
    },
  },
  {
    name: 'gives a version above the one that the caller names',
    test: async ({ backend }) => {
      const { version } = await backend.commit([put('a')], 5000)
      assert.ok(version > 5000, `${version} is not above 5000`)
      assert.equal((await backend.get('a'))?.version, version)
      const next = await backend.commit([put('b')], 10)
      assert.ok(next.version > version)
    },
  },
  {
    name: 'refuses a batch that makes no sense',
    test: async ({ backend }) => {
      const many = Array.from({ length: 1001 }, (_, i) => put(`k${i}`))
      const large = Array.from({ length: 3 }, (_, i) => ({ key: `k${i}`, json: `"${'x'.repeat(11 * 1024 * 1024)}"` }))
      const wrong: ReadonlyArray<readonly StateChange[]> = [
        [], many, large, [put('a'), put('a')], [put('a'), remove('a')], [put('a', 'a', -1)], [put('a', 'a', 1.5)],
      ]
      for (const changes of wrong) await refuses('STATE_BATCH_INVALID', backend.commit(changes))
      assert.equal(await backend.count(''), 0)
      assert.equal((await backend.commit(many.slice(1))).before.length, 1000)
      assert.equal(await backend.count(''), 1000)
    },
  },
  {
    name: 'rejects rather than throws when it refuses',
    test: async ({ backend }) => {
      let call: Promise<StateCommit> | undefined
      assert.doesNotThrow(() => { call = backend.commit([put('')]) })
      assert.ok(call)
      await refuses('STATE_KEY_INVALID', call)
    },
  },
  {
    name: 'takes the batch as it is at the call',
    test: async ({ backend }) => {
      const changes = [put('a'), put('b')]
      const calls = [fill(backend, ['z']), backend.commit(changes)]
      changes.length = 1
      changes[0] = put('c')
      await Promise.all(calls)
      assert.deepEqual(await keys(backend), ['a', 'b', 'z'])
    },
  },
]
