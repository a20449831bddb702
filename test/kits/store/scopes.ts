import assert from 'node:assert/strict'
import type { KitPromise } from '../runner.js'
import { bytes, entries, keys, opened, put, refuses, text, type StoreSubject } from './subject.js'

/** Who sees what, and whose bytes they are. */
export const storeScopePromises: ReadonlyArray<KitPromise<StoreSubject>> = [
  {
    name: 'gives back what was put, byte for byte',
    test: async subject => {
      const store = await opened(subject)
      const value = Uint8Array.from({ length: 256 }, (_, i) => i)
      await store.commit([{ put: 'things', key: 'a', value }, put('empty', '')])
      assert.deepEqual([...await store.get('things', 'a') ?? []], [...value])
      assert.equal((await store.get('things', 'empty'))?.byteLength, 0)
      assert.equal(await store.get('things', 'b'), undefined)
    },
  },
  {
    name: 'keeps owners apart, also where their names differ in case only',
    test: async subject => {
      const owners = ['owner', 'Owner', 'owner"x', 'owner/things']
      const stores = await Promise.all(owners.map(async owner => [owner, await opened(subject, owner)] as const))
      for (const [owner, store] of stores) await store.commit([put('key', owner)])
      for (const [owner, store] of stores) {
        assert.equal(text(await store.get('things', 'key')), owner)
        assert.equal(await store.count('things'), 1)
      }
    },
  },
  {
    name: 'keeps the collections of one owner apart',
    test: async subject => {
      const store = await opened(subject)
      await store.commit([put('key', 'thing'), put('key', 'other', 'others'), { clear: 'things', range: {} }])
      assert.equal(await store.get('things', 'key'), undefined)
      assert.equal(text(await store.get('others', 'key')), 'other')
    },
  },
  {
    name: 'refuses a collection that no migration created',
    test: async subject => {
      const store = await opened(subject)
      const unknown = 'STORE_COLLECTION_UNKNOWN'
      await refuses(unknown, store.get('nothing', 'key'))
      await refuses(unknown, store.count('nothing'))
      await refuses(unknown, entries(store, {}, 'nothing'))
      await refuses(unknown, store.commit([put('key', 'value', 'nothing')]))
      await refuses(unknown, store.commit([{ delete: 'nothing', key: 'key' }]))
      await refuses(unknown, store.commit([{ clear: 'nothing', range: {} }]))
      await refuses(unknown, subject.store.scopeFor('new').get('things', 'key'))
    },
  },
  {
    name: 'copies what it is given: the caller may reuse the bytes at once',
    test: async subject => {
      const store = await opened(subject)
      const value = bytes('before')
      const committed = store.commit([{ put: 'things', key: 'key', value }])
      value.fill(0)
      await committed
      assert.equal(text(await store.get('things', 'key')), 'before')
    },
  },
  {
    name: 'gives bytes that belong to the caller',
    test: async subject => {
      const store = await opened(subject)
      await store.commit([put('key', 'value')])
      ;(await store.get('things', 'key'))?.fill(0)
      for (const entry of await entries(store)) entry.value.fill(0)
      assert.equal(text(await store.get('things', 'key')), 'value')
    },
  },
  {
    name: 'counts the entries of a collection',
    test: async subject => {
      const store = await opened(subject)
      assert.equal(await store.count('things'), 0)
      await store.commit([put('a'), put('b'), put('a', 'again'), put('c', 'c', 'others')])
      assert.equal(await store.count('things'), 2)
      await store.commit([{ delete: 'things', key: 'a' }, { delete: 'things', key: 'never there' }])
      assert.equal(await store.count('things'), 1)
    },
  },
  {
    name: 'answers with STORE_UNAVAILABLE after it has stopped',
    test: async subject => {
      const store = await opened(subject)
      await subject.stop()
      await refuses('STORE_UNAVAILABLE', store.get('things', 'a'))
      await refuses('STORE_UNAVAILABLE', store.commit([put('a')]))
      await refuses('STORE_UNAVAILABLE', keys(store))
    },
  },
  {
    name: 'finds everything again after a restart',
    ability: 'restart',
    test: async subject => {
      const before = await opened(subject)
      await before.commit([put('a'), put('b')])
      const again = await subject.reopen?.()
      assert.ok(again, 'the subject gives no reopen; say so in lacks')
      const store = await opened(again)
      assert.deepEqual(await keys(store), ['a', 'b'])
    },
  },
]
