import assert from 'node:assert/strict'
import type { KitPromise } from '../runner.js'
import { entries, keys, opened, put, refuses, type StoreSubject } from './subject.js'

/** In ascending order of UTF-8 bytes, which is neither that of UTF-16 nor of any language. */
const ASCENDING = ['\u0000', 'B', 'a', 'a\u0000', 'aa', 'b', '\u00e4', '\ud7ff', '\ue000', '\uffff', '\u{10000}', '\u{1f600}']

/** Order of keys, ranges and limits. */
export const storeOrderPromises: ReadonlyArray<KitPromise<StoreSubject>> = [
  {
    name: 'orders keys by their UTF-8 bytes, characters beyond U+FFFF last',
    test: async subject => {
      const store = await opened(subject)
      await store.commit([...ASCENDING].sort().map(key => put(key)))
      assert.deepEqual(await keys(store), ASCENDING)
    },
  },
  {
    name: 'bounds a range from (inclusive) to (exclusive) in the same order',
    test: async subject => {
      const store = await opened(subject)
      await store.commit(ASCENDING.map(key => put(key)))
      assert.deepEqual(await keys(store, { from: 'a', to: 'b' }), ['a', 'a\u0000', 'aa'])
      assert.deepEqual(await keys(store, { from: '\uffff' }), ['\uffff', '\u{10000}', '\u{1f600}'])
      assert.deepEqual(await keys(store, { to: 'a' }), ['\u0000', 'B'])
      assert.deepEqual(await keys(store, { from: 'b', to: 'a' }), [])
      assert.deepEqual(await keys(store, { from: '', to: '' }), [])
    },
  },
  {
    name: 'reads a range backwards',
    test: async subject => {
      const store = await opened(subject)
      await store.commit(ASCENDING.map(key => put(key)))
      assert.deepEqual(await keys(store, { reverse: true }), ASCENDING.toReversed())
      assert.deepEqual(await keys(store, { from: 'a', to: 'b', reverse: true }), ['aa', 'a\u0000', 'a'])
    },
  },
  {
    name: 'gives as many entries as the limit, from the end it reads from',
    test: async subject => {
      const store = await opened(subject)
      await store.commit(['a', 'b', 'c'].map(key => put(key)))
      assert.deepEqual(await keys(store, { limit: 2 }), ['a', 'b'])
      assert.deepEqual(await keys(store, { limit: 2, reverse: true }), ['c', 'b'])
      assert.deepEqual(await keys(store, { limit: 0 }), [])
      assert.deepEqual(await keys(store, { limit: 9 }), ['a', 'b', 'c'])
    },
  },
  {
    name: 'scans more than fits a page, every entry once',
    test: async subject => {
      const store = await opened(subject)
      const names = Array.from({ length: 1000 }, (_, i) => String(i).padStart(4, '0'))
      await store.commit(names.map(key => put(key)))
      assert.deepEqual(await keys(store), names)
      assert.deepEqual(await keys(store, { reverse: true, limit: 700 }), names.toReversed().slice(0, 700))
    },
  },
  {
    name: 'scans large values',
    test: async subject => {
      const store = await opened(subject)
      const value = new Uint8Array(700_000).fill(7)
      for (const key of ['a', 'b', 'c', 'd']) await store.commit([{ put: 'things', key, value }])
      assert.deepEqual((await entries(store)).map(entry => entry.value.byteLength), [700_000, 700_000, 700_000, 700_000])
    },
  },
  {
    name: 'scans while batches are committed: what stays is seen once, in order',
    test: async subject => {
      const store = await opened(subject)
      const name = (i: number): string => String(i).padStart(4, '0')
      await store.commit(Array.from({ length: 600 }, (_, i) => put(name(i * 2))))
      const seen: string[] = []
      for await (const { key } of store.scan('things')) {
        seen.push(key)
        if (seen.length % 100 === 0) {
          const at = Number(key)
          await store.commit([put(name(at + 1)), put(name(Math.max(at - 9, 1))), { delete: 'things', key }])
        }
      }
      assert.deepEqual(seen, seen.toSorted())
      assert.equal(new Set(seen).size, seen.length)
      for (let i = 0; i < 600; i++) assert.ok(seen.includes(name(i * 2)), `${name(i * 2)} was not seen`)
    },
  },
  {
    name: 'ends a scan that its reader leaves early',
    test: async subject => {
      const store = await opened(subject)
      await store.commit(Array.from({ length: 600 }, (_, i) => put(`key-${i}`)))
      for await (const entry of store.scan('things')) if (entry.key) break
      await store.commit([{ clear: 'things', range: {} }])
      assert.equal(await store.count('things'), 0)
    },
  },
  {
    name: 'takes keys of 1 to 512 bytes in UTF-8 and refuses others',
    test: async subject => {
      const store = await opened(subject)
      const longest = '\u00e4'.repeat(256)
      await store.commit([put(longest)])
      assert.deepEqual(await keys(store), [longest])
      for (const key of ['', `${longest}a`, 'a\ud800', '\udc00']) {
        await refuses('STORE_KEY_INVALID', store.commit([put('fine'), put(key)]))
        await refuses('STORE_KEY_INVALID', store.commit([{ delete: 'things', key }]))
        await refuses('STORE_KEY_INVALID', store.get('things', key))
      }
      assert.equal(await store.count('things'), 1)
    },
  },
  {
    name: 'takes values of up to 16 MiB and refuses larger ones',
    test: async subject => {
      const store = await opened(subject)
      const largest = new Uint8Array(16 * 1024 * 1024).fill(1)
      await store.commit([{ put: 'things', key: 'largest', value: largest }])
      assert.equal((await store.get('things', 'largest'))?.byteLength, largest.byteLength)
      const value = new Uint8Array(largest.byteLength + 1)
      await refuses('STORE_VALUE_INVALID', store.commit([put('fine'), { put: 'things', key: 'larger', value }]))
      assert.equal(await store.count('things'), 1)
    },
  },
  {
    name: 'refuses a range that makes no sense',
    test: async subject => {
      const store = await opened(subject)
      for (const range of [{ limit: -1 }, { limit: 1.5 }, { limit: NaN }, { from: '\ud800' }]) {
        await refuses('STORE_RANGE_INVALID', keys(store, range))
        await refuses('STORE_RANGE_INVALID', store.commit([{ clear: 'things', range }]))
      }
    },
  },
]
