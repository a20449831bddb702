import { expect } from 'chai'
import { StateTimeout, type StateBackend } from '../../../../kernel/contract/index.js'
import { MemoryState } from '../../../fixtures/state-backends/memory-state.js'
import { StateToolScene } from '../../../support/state/state-tool-scene.js'

describe('The state tool', () => {
  let scene: StateToolScene
  beforeEach(async () => {
    scene = await StateToolScene.start({
      value_size: 1024, answer_size: 1500, batch: 3, keys_per_space: 4, spaces: { orders: { read: ['buyer'], write: ['shop'] } },
    })
  })

  it('stores, retrieves, lists and deletes', async () => {
    const stored = await scene.as('shop', 'store', { key: 'a/1', value: { price: [1, null] } })
    expect(stored).to.deep.equal({ version: 1 })
    expect(await scene.as('shop', 'retrieve', { key: 'a/1' })).to.deep.equal({ found: true, value: { price: [1, null] }, version: 1 })
    expect(await scene.as('shop', 'exists', { key: 'a/1' })).to.deep.equal({ exists: true })
    expect(await scene.as('shop', 'exists', { key: 'a' })).to.deep.equal({ exists: false })
    await scene.as('shop', 'store', { key: 'a/2', value: null })
    expect(await scene.as('shop', 'list', { prefix: 'a/', limit: 1 })).to.deep.equal({ keys: ['a/1'], more: true })
    expect(await scene.as('shop', 'list', { prefix: 'a/', after: 'a/1' })).to.deep.equal({ keys: ['a/2'], more: false })
    expect(await scene.as('shop', 'delete', { key: 'a/1' })).to.deep.equal({ deleted: true })
    expect(await scene.as('shop', 'delete', { key: 'a/1' })).to.deep.equal({ deleted: false })
    expect(await scene.as('shop', 'retrieve', { key: 'a/1' })).to.deep.equal({ found: false, value: null, version: 0 })
  })

  it('stores a batch as a whole or not at all, and retrieves several in order', async () => {
    await scene.as('shop', 'batch_store', { entries: [{ key: 'a', value: 1 }, { key: 'b', value: 2 }] })
    const entries = [{ key: 'a', value: 9 }, { key: 'b', value: 9, expected_version: 7 }]
    const refused = await scene.as('shop', 'batch_store', { entries })
    expect(refused).to.deep.include({ code: 'STATE_CONFLICT', again: false, details: { key: 'b', expected: 7, found: 1 } })
    expect(await scene.as('shop', 'batch_retrieve', { keys: ['b', 'x', 'a'] })).to.deep.equal({
      values: [
        { key: 'b', found: true, value: 2, version: 1 }, { key: 'x', found: false, value: null, version: 0 },
        { key: 'a', found: true, value: 1, version: 1 },
      ],
    })
  })

  it('changes a value only from the version that the caller has seen, and names the key as the caller does', async () => {
    expect(await scene.as('shop', 'compare_and_set', { key: 'a', value: 1, expected_version: 0 })).to.deep.equal({ version: 1 })
    expect(await scene.as('shop', 'compare_and_set', { key: 'a', value: 2, expected_version: 1 })).to.deep.equal({ version: 2 })
    const late = await scene.as('shop', 'compare_and_set', { key: 'a', value: 3, expected_version: 1 })
    expect(late).to.deep.include({ code: 'STATE_CONFLICT', details: { key: 'a', expected: 1, found: 2 } })
    expect(late).to.have.property('message').that.does.not.contain('agents/')
    expect(await scene.as('shop', 'delete', { key: 'a', expected_version: 1 })).to.have.property('code', 'STATE_CONFLICT')
  })

  it('shows an agent its own keys and the shared ones that it was granted, and no others', async () => {
    await scene.as('shop', 'store', { key: 'a', value: 'mine' })
    await scene.as('shop', 'store', { key: 'o/1', value: 'ours', space: 'orders' })
    expect(await scene.as('buyer', 'retrieve', { key: 'a' })).to.have.property('found', false)
    expect(await scene.as('buyer', 'list', {})).to.deep.equal({ keys: [], more: false })
    expect(await scene.as('buyer', 'list', { space: 'orders' })).to.deep.equal({ keys: ['o/1'], more: false })
    expect(await scene.as('buyer', 'store', { key: 'o/2', value: 1, space: 'orders' })).to.have.property('code', 'STATE_SPACE_DENIED')
    expect(await scene.as('thief', 'retrieve', { key: 'o/1', space: 'orders' })).to.have.property('code', 'STATE_SPACE_DENIED')
    expect(await scene.backend.list('', undefined, 10)).to.deep.equal({ keys: ['agents/shop/a', 'shared/orders/o/1'], more: false })
  })

  it('refuses arguments that are missing, unknown or of the wrong kind, by their place', async () => {
    const cases: ReadonlyArray<readonly [tool: string, values: Readonly<Record<string, unknown>>, argument: string]> = [
      ['store', { key: 'a' }, 'value'], ['store', { value: 1 }, 'key'], ['store', { key: 7, value: 1 }, 'key'],
      ['store', { key: 'a', value: 1, ttl: 5 }, 'ttl'], ['retrieve', { key: ['a'] }, 'key'], ['list', { limit: 0 }, 'limit'],
      ['list', { limit: 1.5 }, 'limit'], ['list', { prefix: null }, 'prefix'], ['batch_store', { entries: {} }, 'entries'],
      ['batch_store', { entries: [] }, 'entries'], ['batch_store', { entries: [1] }, 'entries[0]'],
      ['batch_store', { entries: [{ key: 'a', value: 1 }, { key: 'b' }] }, 'entries[1].value'],
      ['batch_store', { entries: Array.from({ length: 4 }, (_, i) => ({ key: `k${i}`, value: 1 })) }, 'entries'],
      ['batch_retrieve', { keys: ['a', 1] }, 'keys[1]'], ['compare_and_set', { key: 'a', value: 1 }, 'expected_version'],
      ['compare_and_set', { key: 'a', value: 1, expected_version: -1 }, 'expected_version'], ['delete', { key: 'a', space: 1 }, 'space'],
    ]
    for (const [tool, values, argument] of cases) {
      const error = await scene.as('shop', tool, values)
      expect(error, tool).to.deep.include({ code: 'STATE_ARGUMENTS_INVALID' }).and.to.have.nested.property('details.argument', argument)
    }
    expect((await scene.backend.stats()).version).to.equal(0)
  })

  it('refuses keys that are no plain path, and one key twice', async () => {
    for (const tool of ['retrieve', 'exists', 'delete']) {
      expect(await scene.as('shop', tool, { key: '../buyer/a' })).to.have.property('code', 'STATE_KEY_INVALID')
    }
    expect(await scene.as('shop', 'list', { prefix: '../' })).to.have.property('code', 'STATE_KEY_INVALID')
    expect(await scene.as('shop', 'list', { after: '..' })).to.have.property('code', 'STATE_KEY_INVALID')
    const twice = await scene.as('shop', 'batch_store', { entries: [{ key: 'a', value: 1 }, { key: 'a', value: 2 }] })
    expect(twice).to.have.property('code', 'STATE_BATCH_INVALID')
  })

  it('bounds values, answers and the keys of a space', async () => {
    expect(await scene.as('shop', 'store', { key: 'a', value: 'x'.repeat(1023) })).to.have.property('code', 'STATE_VALUE_INVALID')
    for (const key of ['a', 'b']) await scene.as('shop', 'store', { key, value: 'x'.repeat(1000) })
    expect(await scene.as('shop', 'batch_retrieve', { keys: ['a', 'b'] })).to.have.property('code', 'STATE_ANSWER_TOO_LARGE')
    for (const key of ['c', 'd']) await scene.as('shop', 'store', { key, value: 1 })
    expect(await scene.as('shop', 'store', { key: 'e', value: 1 })).to.deep.include({ code: 'STATE_FULL', again: false })
    expect(await scene.as('shop', 'store', { key: 'd', value: 2 })).to.have.property('version')
    expect(await scene.as('buyer', 'store', { key: 'e', value: 1 })).to.have.property('version')
    await scene.as('shop', 'delete', { key: 'a' })
    expect(await scene.as('shop', 'store', { key: 'e', value: 1 })).to.have.property('version')
  })

  it('carries out once what is called again with the same key', async () => {
    const call = { key: 'a', value: 1, expected_version: 0 }
    const both = await Promise.all(['k1', 'k1'].map(key => scene.as('shop', 'compare_and_set', call, key)))
    expect(both).to.deep.equal([{ version: 1 }, { version: 1 }])
    expect(await scene.as('shop', 'compare_and_set', call, 'k2')).to.have.property('code', 'STATE_CONFLICT')
    expect(await scene.as('buyer', 'compare_and_set', call, 'k1')).to.deep.equal({ version: 2 })
    expect(await scene.as('shop', 'store', { key: 'a', value: 2 }, 'k1')).to.deep.equal({ version: 3 })
  })

  it('says when the same call may do better later, and tries again then', async () => {
    const good = new MemoryState()
    let isSlow = true
    const slow: StateBackend = Object.create(good, {
      commit: { value: async (...words: Parameters<StateBackend['commit']>) => {
        if (isSlow) throw StateTimeout({ milliseconds: 5000 })
        return await good.commit(...words)
      } },
      count: { value: async () => 0 },
    }) as StateBackend
    scene = await StateToolScene.start({}, slow)
    expect(await scene.as('shop', 'store', { key: 'a', value: 1 }, 'k')).to.deep.include({ code: 'STATE_TIMEOUT', again: true })
    isSlow = false
    expect(await scene.as('shop', 'store', { key: 'a', value: 1 }, 'k')).to.deep.equal({ version: 1 })
  })
})
