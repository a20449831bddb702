import assert from 'node:assert/strict'
import type { KitPromise } from '../runner.js'
import { keys, opened, put, refuses, text, type StoreSubject } from './subject.js'

/** Batches: all or nothing, in order, alone in their failure. */
export const storeBatchPromises: ReadonlyArray<KitPromise<StoreSubject>> = [
  {
    name: 'applies the changes of a batch in their order',
    test: async subject => {
      const store = await opened(subject)
      await store.commit([put('a', '1'), { delete: 'things', key: 'a' }, put('a', '2'), put('b'), { delete: 'things', key: 'b' }])
      assert.deepEqual(await keys(store), ['a'])
      assert.equal(text(await store.get('things', 'a')), '2')
    },
  },
  {
    name: 'applies nothing of a batch of which one change is refused',
    test: async subject => {
      const store = await opened(subject)
      await store.commit([put('kept', 'before')])
      const batch = [put('new'), put('kept', 'after'), { clear: 'things', range: {} }, put('key', 'value', 'nothing')]
      await refuses('STORE_COLLECTION_UNKNOWN', store.commit(batch))
      assert.deepEqual(await keys(store), ['kept'])
      assert.equal(text(await store.get('things', 'kept')), 'before')
    },
  },
  {
    name: 'lets a refused batch fail alone among others of its tick',
    test: async subject => {
      const store = await opened(subject)
      const calls = [store.commit([put('a')]), store.commit([put('b', 'b', 'nothing')]), store.commit([put('c')])]
      const results = await Promise.allSettled(calls)
      assert.deepEqual(results.map(result => result.status), ['fulfilled', 'rejected', 'fulfilled'])
      assert.deepEqual(await keys(store), ['a', 'c'])
    },
  },
  {
    name: 'rejects rather than throws when a batch is refused',
    test: async subject => {
      const store = await opened(subject)
      let call: Promise<void> | undefined
      assert.doesNotThrow(() => { call = store.commit([put('')]) })
      await refuses('STORE_KEY_INVALID', call ?? Promise.resolve())
    },
  },
  {
    name: 'lets batches take effect in the order of the calls',
    test: async subject => {
      const store = await opened(subject)
      const calls = Array.from({ length: 500 }, (_, i) => store.commit([put('counter', String(i)), put(`at-${i % 7}`, String(i))]))
      await Promise.all(calls)
      assert.equal(text(await store.get('things', 'counter')), '499')
      assert.equal(text(await store.get('things', 'at-0')), '497')
    },
  },
  {
    name: 'lets batches of several owners take effect in the order of the calls',
    test: async subject => {
      const first = await opened(subject, 'first')
      const second = await opened(subject, 'second')
      const resolved: number[] = []
      const calls = Array.from({ length: 40 }, async (_, i) => {
        await (i % 2 === 0 ? first : second).commit([put('key', String(i))])
        resolved.push(i)
      })
      await Promise.all(calls)
      assert.deepEqual(resolved, Array.from({ length: 40 }, (_, i) => i))
    },
  },
  {
    name: 'shows a batch to reads as soon as it has resolved',
    test: async subject => {
      const store = await opened(subject)
      for (let i = 0; i < 20; i++) {
        await store.commit([put('key', String(i))])
        assert.equal(text(await store.get('things', 'key')), String(i))
      }
    },
  },
  {
    name: 'takes an empty batch',
    test: async subject => {
      await (await opened(subject)).commit([])
    },
  },
  {
    name: 'deletes the keys of a cleared range and no others',
    test: async subject => {
      const store = await opened(subject)
      await store.commit(['a', 'b', 'c', 'd', '\u{1f600}'].map(key => put(key)))
      await store.commit([{ clear: 'things', range: { from: 'b', to: 'd' } }])
      assert.deepEqual(await keys(store), ['a', 'd', '\u{1f600}'])
      await store.commit([{ clear: 'things', range: { from: '\uffff' } }])
      assert.deepEqual(await keys(store), ['a', 'd'])
      await store.commit([{ clear: 'things', range: {} }])
      assert.equal(await store.count('things'), 0)
    },
  },
  {
    name: 'clears no more entries than the limit, from the end that the range names',
    test: async subject => {
      const store = await opened(subject)
      await store.commit(['a', 'b', 'c', 'd', 'e'].map(key => put(key)))
      await store.commit([{ clear: 'things', range: { limit: 2 } }])
      assert.deepEqual(await keys(store), ['c', 'd', 'e'])
      await store.commit([{ clear: 'things', range: { limit: 1, reverse: true } }])
      assert.deepEqual(await keys(store), ['c', 'd'])
    },
  },
]
