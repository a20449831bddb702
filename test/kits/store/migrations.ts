import assert from 'node:assert/strict'
import type { Migration } from '../../../kernel/contract/index.js'
import type { KitPromise } from '../runner.js'
import { bytes, FIRST, keys, opened, put, refuses, text, type StoreSubject } from './subject.js'

const SECOND: Migration = {
  version: 2,
  summary: 'Mark values, forget the entries that say so.',
  creates: ['later'],
  rewrites: [{
    collection: 'things',
    entry: ({ key, value }) => key.startsWith('forget') ? undefined : bytes(`${text(value) ?? ''}!`),
  }],
}
const THIRD: Migration = { version: 3, summary: 'Drop what nobody reads.', drops: ['others'] }

/** Versions of an owner's stored data. */
export const storeMigrationPromises: ReadonlyArray<KitPromise<StoreSubject>> = [
  {
    name: 'runs the new steps only, once and in order',
    test: async subject => {
      const store = await opened(subject)
      await store.commit([put('a'), put('forget-b')])
      await store.migrate([FIRST, SECOND])
      await store.migrate([FIRST, SECOND])
      await store.migrate([FIRST, SECOND, THIRD])
      assert.deepEqual(await keys(store), ['a'])
      assert.equal(text(await store.get('things', 'a')), 'a!')
      await store.commit([put('x', 'x', 'later')])
    },
  },
  {
    name: 'runs all steps in one call for an owner who comes late',
    test: async subject => {
      const store = subject.store.scopeFor('late')
      await store.migrate([FIRST, SECOND, THIRD])
      await store.commit([put('a'), put('b', 'b', 'later')])
      await refuses('STORE_COLLECTION_UNKNOWN', store.count('others'))
    },
  },
  {
    name: 'rewrites every entry of a large collection once',
    test: async subject => {
      const store = await opened(subject)
      await store.commit(Array.from({ length: 700 }, (_, i) => put(`${i % 2 ? 'keep' : 'forget'}-${i}`, 'v')))
      await store.migrate([FIRST, SECOND])
      assert.equal(await store.count('things'), 350)
      for await (const entry of store.scan('things')) assert.equal(text(entry.value), 'v!')
    },
  },
  {
    name: 'forgets what a dropped collection held, also when it is created again',
    test: async subject => {
      const store = await opened(subject)
      await store.commit([put('a', 'a', 'others')])
      await store.migrate([FIRST, SECOND, THIRD])
      await refuses('STORE_COLLECTION_UNKNOWN', store.get('others', 'a'))
      await store.migrate([FIRST, SECOND, THIRD, { version: 4, summary: 'Take it up again.', creates: ['others'] }])
      assert.equal(await store.count('others'), 0)
    },
  },
  {
    name: 'keeps nothing of a step that fails, and can run it later',
    test: async subject => {
      const store = await opened(subject)
      await store.commit(Array.from({ length: 400 }, (_, i) => put(`key-${String(i).padStart(3, '0')}`, 'v')))
      const failing: Migration = {
        ...SECOND,
        rewrites: [{
          collection: 'things',
          entry: ({ key }) => {
            if (key === 'key-399') throw new Error('cannot read this')
            return undefined
          },
        }],
      }
      await assert.rejects(store.migrate([FIRST, failing]), /cannot read this/)
      assert.equal(await store.count('things'), 400)
      await refuses('STORE_COLLECTION_UNKNOWN', store.count('later'))
      await store.migrate([FIRST, SECOND])
      assert.equal(text(await store.get('things', 'key-000')), 'v!')
    },
  },
  {
    name: 'keeps a failed step of one owner away from the commits of another',
    test: async subject => {
      const other = await opened(subject, 'other')
      const store = await opened(subject)
      await store.commit([put('a')])
      const failing: Migration = {
        version: 2,
        summary: 'Fail.',
        rewrites: [{ collection: 'things', entry: () => { throw new Error('no') } }],
      }
      const [step, ...commits] = await Promise.allSettled([
        store.migrate([FIRST, failing]), ...['x', 'y'].map(key => other.commit([put(key)])),
      ])
      assert.deepEqual([step?.status, ...commits.map(result => result.status)], ['rejected', 'fulfilled', 'fulfilled'])
      assert.deepEqual(await keys(other), ['x', 'y'])
    },
  },
  {
    name: 'refuses steps that do not fit together',
    test: async subject => {
      const store = subject.store.scopeFor('wrong')
      const wrong: ReadonlyArray<readonly Migration[]> = [
        [{ ...FIRST, version: 2 }],
        [FIRST, THIRD],
        [FIRST, { version: 2, summary: 'Twice.', creates: ['things'] }],
        [FIRST, { version: 2, summary: 'Unknown.', drops: ['nothing'] }],
        [{ version: 1, summary: 'No name.', creates: ['No name'] }],
      ]
      for (const steps of wrong) await refuses('STORE_MIGRATION_INVALID', store.migrate(steps))
    },
  },
  {
    name: 'refuses data of a newer version',
    test: async subject => {
      const store = await opened(subject)
      await store.migrate([FIRST, SECOND])
      await refuses('STORE_DATA_NEWER', store.migrate([FIRST]))
    },
  },
  {
    name: 'refuses data of a newer version after a restart',
    ability: 'restart',
    test: async subject => {
      await (await opened(subject)).migrate([FIRST, SECOND])
      const again = await subject.reopen?.()
      assert.ok(again, 'the subject gives no reopen; say so in lacks')
      await refuses('STORE_DATA_NEWER', again.store.scopeFor('owner').migrate([FIRST]))
    },
  },
]
