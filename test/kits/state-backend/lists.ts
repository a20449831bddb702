import assert from 'node:assert/strict'
import type { KitPromise } from '../runner.js'
import { fill, keys, refuses, type StateBackendSubject } from './subject.js'

/** In ascending order of UTF-8 bytes, which is neither that of UTF-16 nor of any language. */
const ASCENDING = [
  '\u0001', '!', '.', '/', '0', 'B', 'a', 'a b', 'a-b', 'aa', 'b', '\u00e4', '\ud7ff', '\ue000', '\uffff', '\u{10000}', '\u{1f600}',
]
/** Characters that mean something to one database or another. */
const WILD = ['%', '_', '*', '?', '[a]', '\\', '^', '{', '(', '+', '-']

/** Keys by prefix, in order and in pages. */
export const stateListPromises: ReadonlyArray<KitPromise<StateBackendSubject>> = [
  {
    name: 'lists keys by their UTF-8 bytes, characters beyond U+FFFF last',
    test: async ({ backend }) => {
      await fill(backend, ASCENDING.toReversed())
      assert.deepEqual(await keys(backend), ASCENDING)
    },
  },
  {
    name: 'lists the keys of a prefix and no others',
    test: async ({ backend }) => {
      await fill(backend, ['a', 'a/', 'a/1', 'a/2/3', 'a0', 'aa/1', 'A/1', 'b/1'])
      assert.deepEqual(await keys(backend, 'a/'), ['a/', 'a/1', 'a/2/3'])
      assert.deepEqual(await keys(backend, 'a/2'), ['a/2/3'])
      assert.deepEqual(await keys(backend, 'nothing'), [])
    },
  },
  {
    name: 'takes every character of a prefix as itself',
    test: async ({ backend }) => {
      await fill(backend, [...WILD.map(mark => `x${mark}y`), 'xay', 'xxy'])
      for (const mark of WILD) assert.deepEqual(await keys(backend, `x${mark}`), [`x${mark}y`])
    },
  },
  {
    name: 'finds the end of a prefix whatever its last character is',
    test: async ({ backend }) => {
      for (const last of ['\ud7ff', '\uffff', '\u{10ffff}']) {
        await fill(backend, [`p${last}`, `p${last}q`, `p${last}\u{10ffff}`])
        assert.deepEqual(await keys(backend, `p${last}`), [`p${last}`, `p${last}q`, `p${last}\u{10ffff}`])
      }
      await fill(backend, ['\u{10ffff}\u{10ffff}', 'q'])
      assert.deepEqual(await keys(backend, '\u{10ffff}'), ['\u{10ffff}\u{10ffff}'])
    },
  },
  {
    name: 'gives pages that meet without gap or overlap',
    test: async ({ backend }) => {
      const names = Array.from({ length: 25 }, (_, i) => `k/${String(i).padStart(2, '0')}`)
      await fill(backend, [...names, 'j', 'l'])
      for (const limit of [1, 7, 25, 26]) assert.deepEqual(await keys(backend, 'k/', limit), names)
      assert.deepEqual(await backend.list('k/', undefined, 25), { keys: names, more: false })
      assert.deepEqual(await backend.list('k/', 'k/22', 1), { keys: ['k/23'], more: true })
      assert.deepEqual(await backend.list('k/', 'k/22x', 2), { keys: ['k/23', 'k/24'], more: false })
      assert.deepEqual(await backend.list('k/', 'a', 1), { keys: ['k/00'], more: true })
      assert.deepEqual(await backend.list('k/', 'z', 1), { keys: [], more: false })
    },
  },
  {
    name: 'takes pages of 1 to 1000 keys and refuses others',
    test: async ({ backend }) => {
      await fill(backend, Array.from({ length: 1000 }, (_, i) => `k${i}`))
      assert.equal((await backend.list('', undefined, 1000)).keys.length, 1000)
      for (const limit of [0, -1, 1001, 1.5, Number.NaN]) await refuses('STATE_BATCH_INVALID', backend.list('', undefined, limit))
      await refuses('STATE_KEY_INVALID', backend.list('a\0', undefined, 1))
      await refuses('STATE_KEY_INVALID', backend.count('\ud800'))
      await refuses('STATE_BATCH_INVALID', backend.getMany(Array.from({ length: 1001 }, (_, i) => `k${i}`)))
    },
  },
  {
    name: 'counts the keys of a prefix',
    test: async ({ backend }) => {
      await fill(backend, ['a/1', 'a/2', 'a0', 'b', 'x%', 'xy'])
      assert.equal(await backend.count(''), 6)
      assert.equal(await backend.count('a/'), 2)
      assert.equal(await backend.count('x%'), 1)
      assert.equal(await backend.count('c'), 0)
    },
  },
]
