import assert from 'node:assert/strict'
import type { StateBackend } from '../../../kernel/contract/index.js'
import type { KitPromise } from '../runner.js'
import { fill, keys, put, type StateBackendSubject, valueOf } from './subject.js'

const WRITERS = 6
const ROUNDS = 4

/** What holds when several call at once. */
export const stateRacePromises: ReadonlyArray<KitPromise<StateBackendSubject>> = [
  {
    name: 'lets exactly one of those win who change one version at once',
    test: async ({ backend }) => {
      await backend.commit([put('counter', 0)])
      await Promise.all(Array.from({ length: WRITERS }, () => count(backend, ROUNDS)))
      assert.equal(await valueOf(backend, 'counter'), WRITERS * ROUNDS)
    },
  },
  {
    name: 'lets exactly one of those win who make one key at once',
    test: async ({ backend }) => {
      const calls = Array.from({ length: WRITERS }, (_, i) => backend.commit([put('leader', i, 0), put(`log/${i}`)]))
      const won = (await Promise.allSettled(calls)).flatMap((result, i) => result.status === 'fulfilled' ? [i] : [])
      assert.equal(won.length, 1)
      assert.equal(await valueOf(backend, 'leader'), won[0])
      assert.deepEqual(await keys(backend, 'log/'), [`log/${won[0]}`])
    },
  },
  {
    name: 'takes batches that change the same keys in different orders',
    test: async ({ backend }) => {
      const names = Array.from({ length: 20 }, (_, i) => `k${i}`)
      const calls = Array.from({ length: WRITERS }, (_, i) =>
        backend.commit((i % 2 === 0 ? names : names.toReversed()).map(key => put(key, i))))
      await Promise.all(calls)
      assert.equal(new Set((await backend.getMany(names)).map(value => value?.version)).size, 1)
    },
  },
  {
    name: 'never shows a batch half done',
    test: async ({ backend }) => {
      await backend.commit([put('left', 0), put('right', 0)])
      let writing = true
      const writer = (async () => {
        for (let i = 1; i <= 40; i++) await backend.commit(i % 2 ? [put('left', i), put('right', i)] : [put('right', i), put('left', i)])
        writing = false
      })()
      while (writing) {
        const [left, right] = await backend.getMany(['left', 'right'])
        assert.deepEqual(left, right)
      }
      await writer
    },
  },
  {
    name: 'shows a batch to every reader as soon as it has resolved',
    test: async ({ backend }) => {
      for (let i = 0; i < 20; i++) {
        await backend.commit([put('key', i), put(`list/${i}`)])
        assert.equal(await valueOf(backend, 'key'), i)
        assert.equal(await backend.count('list/'), i + 1)
      }
    },
  },
  {
    name: 'lets several servers share one state, with versions that hold for all',
    ability: 'sharing',
    test: async subject => {
      const { backend } = subject
      const other = await subject.second?.()
      assert.ok(other, 'the subject gives no second; say so in lacks')
      const { version } = await fill(backend, ['seen'])
      assert.deepEqual(await other.get('seen'), { json: '"seen"', version })
      assert.ok((await fill(other, ['seen'])).version > version)
      await backend.commit([put('counter', 0)])
      await Promise.all(Array.from({ length: WRITERS }, (_, i) => count(i % 2 ? backend : other, ROUNDS)))
      assert.equal(await valueOf(other, 'counter'), WRITERS * ROUNDS)
    },
  },
]

/** Adds 1 to the counter so many times, each time from the version that was read. */
async function count (backend: StateBackend, times: number): Promise<void> {
  for (let done = 0; done < times;) {
    const found = await backend.get('counter')
    assert.ok(found, 'the counter is gone')
    try {
      await backend.commit([{ key: 'counter', json: String(Number(found.json) + 1), expected: found.version }])
      done++
    } catch (error) {
      assert.equal(error instanceof Error && 'code' in error ? error.code : undefined, 'STATE_CONFLICT', String(error))
    }
  }
}
