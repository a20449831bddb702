import assert from 'node:assert/strict'
import type { KitPromise } from '../runner.js'
import { fill, keys, put, refuses, type StateBackendSubject, valueOf } from './subject.js'

const MEBIBYTE = 1024 * 1024
/** A JSON text of so many bytes. */
const jsonOf = (bytes: number): string => `"${'x'.repeat(bytes - 2)}"`

const TEXTS = [
  'null', '0', '-0', '1e400', '12345678901234567890.5', '{"b":1,"a":2,"b":3}', ' { "a" : [ 1 ] } ', '"\\u0000"', '"\\ud83d\\ude00"',
  '"\u{1f600}"', '"\\ud800"', '"it\'s \\"quoted\\" $1 %s ? :a"', '""', '"\\n"', '[\n]',
]

/** Values, keys and their bounds. */
export const stateValuePromises: ReadonlyArray<KitPromise<StateBackendSubject>> = [
  {
    name: 'gives back JSON text character for character',
    test: async ({ backend }) => {
      await backend.commit(TEXTS.map((json, i) => ({ key: `text-${i}`, json })))
      for (const [i, json] of TEXTS.entries()) assert.equal((await backend.get(`text-${i}`))?.json, json)
    },
  },
  {
    name: 'has no value for a key that was never stored, or was deleted',
    test: async ({ backend }) => {
      await fill(backend, ['a', 'b'])
      await backend.commit([{ key: 'a', delete: true }])
      assert.equal(await backend.get('a'), undefined)
      assert.equal(await backend.get('c'), undefined)
      assert.equal(await valueOf(backend, 'b'), 'b')
    },
  },
  {
    name: 'gives the values of several keys in their order, with gaps for those that are missing',
    test: async ({ backend }) => {
      const { version } = await fill(backend, ['a', 'b', 'c'])
      const found = await backend.getMany(['c', 'missing', 'a', 'c'])
      assert.deepEqual(found.map(value => value?.json), ['"c"', undefined, '"a"', '"c"'])
      assert.deepEqual(found.map(value => value?.version), [version, undefined, version, version])
      assert.deepEqual(await backend.getMany([]), [])
    },
  },
  {
    name: 'answers for as many keys as fit 16 MiB, and always for the first',
    test: async ({ backend }) => {
      for (const key of ['a', 'b']) await backend.commit([{ key, json: jsonOf(9 * MEBIBYTE) }])
      assert.equal((await backend.getMany(['a', 'b'])).length, 1)
      assert.equal((await backend.getMany(['missing', 'b', 'missing', 'a'])).length, 3)
    },
  },
  {
    name: 'takes values of up to 16 MiB and refuses larger ones',
    test: async ({ backend }) => {
      const largest = jsonOf(16 * MEBIBYTE)
      await backend.commit([{ key: 'largest', json: largest }])
      assert.deepEqual((await backend.getMany(['largest', 'missing'])).map(value => value?.json), [largest, undefined])
      await refuses('STATE_VALUE_INVALID', backend.commit([put('small'), { key: 'larger', json: jsonOf(16 * MEBIBYTE + 1) }]))
      await refuses('STATE_VALUE_INVALID', backend.commit([{ key: 'nul', json: '"\0"' }]))
      await refuses('STATE_VALUE_INVALID', backend.commit([{ key: 'half', json: '"\ud800"' }]))
      assert.deepEqual(await keys(backend), ['largest'])
    },
  },
  {
    name: 'takes keys of 1 to 1024 bytes in UTF-8 and refuses others',
    test: async ({ backend }) => {
      const longest = '\u00e4'.repeat(512)
      await fill(backend, [longest])
      assert.equal(await valueOf(backend, longest), longest)
      for (const key of ['', `${longest}a`, 'a\ud800', '\udc00', 'a\0b']) {
        await refuses('STATE_KEY_INVALID', backend.commit([put('fine'), put(key)]))
        await refuses('STATE_KEY_INVALID', backend.commit([{ key, delete: true }]))
        await refuses('STATE_KEY_INVALID', backend.get(key))
        await refuses('STATE_KEY_INVALID', backend.getMany(['fine', key]))
      }
      assert.deepEqual(await keys(backend), [longest])
    },
  },
  {
    name: 'keeps keys apart that differ in case, accents, blanks or normal form only',
    test: async ({ backend }) => {
      const alike = ['key', 'Key', 'KEY', 'k\u00e9y', 'ke\u0301y', 'key ', ' key', 'key\t', 'ke\u200by', 'key/', 'key//', 'key\'', 'key"']
      await fill(backend, alike)
      for (const key of alike) assert.equal(await valueOf(backend, key), key)
      assert.equal(await backend.count(''), alike.length)
    },
  },
  {
    name: 'counts its keys',
    test: async ({ backend }) => {
      assert.equal((await backend.stats()).keys, 0)
      const { version } = await fill(backend, ['a', 'b', 'c'])
      assert.deepEqual(await backend.stats(), { keys: 3, version })
      const { version: later } = await backend.commit([{ key: 'b', delete: true }])
      assert.deepEqual(await backend.stats(), { keys: 2, version: later })
    },
  },
  {
    name: 'answers with STATE_UNAVAILABLE after it has stopped',
    test: async subject => {
      const { backend } = subject
      await fill(backend, ['a'])
      await subject.stop()
      await refuses('STATE_UNAVAILABLE', backend.get('a'))
      await refuses('STATE_UNAVAILABLE', backend.list('', undefined, 10))
      await refuses('STATE_UNAVAILABLE', backend.commit([put('a')]))
      await refuses('STATE_UNAVAILABLE', backend.stats())
    },
  },
  {
    name: 'finds everything again after a restart, and versions go on rising',
    ability: 'restart',
    test: async subject => {
      const { version } = await fill(subject.backend, ['a', 'b'])
      const again = await subject.reopen?.()
      assert.ok(again, 'the subject gives no reopen; say so in lacks')
      assert.deepEqual(await keys(again), ['a', 'b'])
      assert.deepEqual(await again.get('a'), { json: '"a"', version })
      assert.ok((await fill(again, ['c'])).version > version)
    },
  },
]
