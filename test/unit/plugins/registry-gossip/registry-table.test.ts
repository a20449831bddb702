import { expect } from 'chai'
import fc from 'fast-check'
import type { AgentListing, RegistryChange } from '../../../../kernel/contract/index.js'
import { RegistryTable } from '../../../../plugins/registry-gossip/records/registry-table.js'
import { listingOf } from '../../../support/registry/registry-simulation.js'

const RUNS = { numRuns: process.env['CAXTON_TEST_LONG'] === '1' ? 2_000 : 10 }
const OWNERS = ['n1', 'n2', 'n3']

const step = fc.record({
  owner: fc.constantFrom(...OWNERS),
  name: fc.nat({ max: 60 }).map(number => `agent-${number}`),
  claim: fc.integer({ min: 0, max: 3 }),
  offers: fc.oneof({ weight: 4, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: fc.constant(['{"name":"bake"}']) }),
  module: fc.constantFrom('', 'ab'.repeat(32), 'cd'.repeat(32)),
  isPut: fc.boolean(),
})
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never

function tableOf (steps: readonly Step[]): { table: RegistryTable, model: Map<string, Map<string, AgentListing>> } {
  const table = new RegistryTable('n1', 64)
  const model = new Map(OWNERS.map(owner => [owner, new Map<string, AgentListing>()]))
  for (const { owner, name, claim, offers, module, isPut } of steps) {
    const kept = table.own(owner)
    if (!kept) throw new Error('there is no room')
    const listing = listingOf(name, { claim, offers, module })
    if (isPut) {
      table.put(kept, listing, [])
      model.get(owner)?.set(name, listing)
    } else {
      table.remove(kept, name, [])
      model.get(owner)?.delete(name)
    }
  }
  return { table, model }
}

describe('RegistryTable', () => {
  it('finds after any changes what plain maps would: the highest claim, then the least node', () => {
    fc.assert(fc.property(fc.array(step, { maxLength: 300, size: 'max' }), steps => {
      const { table, model } = tableOf(steps)
      for (let number = 0; number <= 60; number++) {
        const name = `agent-${number}`
        const wanted = OWNERS.flatMap(nodeId => {
          const listing = model.get(nodeId)?.get(name)
          return listing ? [{ nodeId, listing }] : []
        }).toSorted((one, other) => other.listing.claim - one.listing.claim || (one.nodeId < other.nodeId ? -1 : 1))
        expect(table.claims(name)).to.deep.equal(wanted)
        expect(table.find(name)).to.deep.equal(wanted[0])
      }
      expect(table.size).to.equal([...model.values()].reduce((sum, each) => sum + each.size, 0))
    }), RUNS)
  })

  it('gives equal records equal hashes, however they came about, and others other ones', () => {
    fc.assert(fc.property(fc.array(step, { maxLength: 200, size: 'max' }), steps => {
      const { table, model } = tableOf(steps)
      for (const owner of OWNERS) {
        const listings = [...model.get(owner)?.values() ?? []]
        const other = new RegistryTable('n1', 64)
        for (const listing of listings.toReversed()) other.put(other.self, listing, [])
        const hash = table.owner(owner)?.records.contentHash ?? 0
        expect(hash).to.equal(other.self.records.contentHash)
        const [first] = listings
        if (!first) continue
        other.put(other.self, { ...first, claim: first.claim + 1 }, [])
        expect(other.self.records.contentHash).not.to.equal(hash)
      }
    }), RUNS)
  })

  it('says what changed, and nothing when nothing did', () => {
    const table = new RegistryTable('n1', 64)
    const changes: RegistryChange[] = []
    const listing = listingOf('a', { topics: ['news/*'] })
    table.put(table.self, listing, changes)
    table.put(table.self, { ...listing, topics: ['news/*'] }, changes)
    table.put(table.self, { ...listing, state: 'failed' }, changes)
    table.remove(table.self, 'a', changes)
    table.remove(table.self, 'a', changes)
    expect(changes.map(({ listing: each }) => each?.state)).to.deep.equal(['running', 'failed', undefined])
  })

  it('finds nothing under what is no name', () => {
    const table = new RegistryTable('n1', 64)
    expect(['', 'ä', 'a b', 'x'.repeat(256)].map(name => table.find(name))).to.deep.equal([undefined, undefined, undefined, undefined])
  })

  it('keeps a bound number of nodes', () => {
    const table = new RegistryTable('n1', 64)
    const kept = Array.from({ length: 5_000 }, (_, index) => table.own(`other-${index}`)).filter(owner => owner !== undefined)
    expect(kept).to.have.length(4_095)
  })

  it('gives back the memory of names that went', () => {
    const table = new RegistryTable('n1', 64)
    for (let index = 0; index < 10_000; index++) {
      table.put(table.self, listingOf(`agent-with-a-rather-long-name-${index}`), [])
      table.remove(table.self, `agent-with-a-rather-long-name-${index - 10}`, [])
    }
    expect(table.self.records.bytes).to.be.below(16_384)
    expect(table.find('agent-with-a-rather-long-name-9995')).not.to.equal(undefined)
  })
})
