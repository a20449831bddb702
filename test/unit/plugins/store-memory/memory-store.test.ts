import { expect } from 'chai'
import fc from 'fast-check'
import { compareKeys, type Range } from '../../../../kernel/contract/index.js'
import { MemoryCollection } from '../../../../plugins/store-memory/memory-collection.js'
import { MemoryStore } from '../../../../plugins/store-memory/memory-store.js'

const FIRST = { version: 1, summary: 'Begin.', creates: ['things'] }
const put = (key: string, bytes: number) => ({ put: 'things', key, value: new Uint8Array(bytes) })
const key = fc.constantFrom('a', 'b', 'ba', 'c', '\uffff', '\u{1f600}')
const range = fc.record({ from: key, to: key, reverse: fc.boolean(), limit: fc.nat(4) }, { requiredKeys: [] })

/** What a range means, said without any search. */
function inRange (keys: Iterable<string>, { from, to, reverse, limit }: Range): string[] {
  const found = [...keys].filter(each => from === undefined || compareKeys(each, from) >= 0)
    .filter(each => to === undefined || compareKeys(each, to) < 0)
  found.sort((a, b) => reverse ? compareKeys(b, a) : compareKeys(a, b))
  return found.slice(0, limit ?? Infinity)
}

describe('MemoryStore', () => {
  it('refuses a batch that would go beyond its size, and takes it when there is room', async () => {
    const store = new MemoryStore({ max_size: 1024 }).scopeFor('owner')
    await store.migrate([FIRST])
    await store.commit([put('a', 600)])
    const refused = await store.commit([put('b', 10), put('c', 600)]).catch((error: unknown) => error)
    expect(refused).to.have.property('code', 'STORE_FULL')
    expect(await store.count('things')).to.equal(1)
    await store.commit([{ delete: 'things', key: 'a' }])
    await store.commit([put('b', 600)])
  })
})

describe('MemoryCollection', () => {
  it('holds after any changes what a plain map would, and counts its bytes', () => {
    const change = fc.oneof(
      fc.record({ put: key, bytes: fc.nat(9) }), fc.record({ delete: key }), fc.record({ clear: range }),
    )
    fc.assert(fc.property(fc.array(change, { maxLength: 20 }), range, (changes, read) => {
      const collection = new MemoryCollection()
      const model = new Map<string, number>()
      for (const each of changes) {
        if ('put' in each) {
          collection.put(each.put, new Uint8Array(each.bytes))
          model.set(each.put, each.bytes)
        } else if ('delete' in each) {
          collection.delete(each.delete)
          model.delete(each.delete)
        } else {
          collection.clear(each.clear)
          for (const gone of inRange(model.keys(), each.clear)) model.delete(gone)
        }
      }
      const seen: string[] = []
      for (let next = collection.next(read, undefined); next; next = collection.next(read, next.key)) {
        seen.push(next.key)
      }
      expect(seen).to.deep.equal(inRange(model.keys(), { ...read, limit: Infinity }))
      expect(collection.bytes).to.equal([...model].reduce((sum, [each, bytes]) => sum + Buffer.byteLength(each) + bytes, 0))
    }), { numRuns: 1000 })
  })
})
