import { expect } from 'chai'
import fc from 'fast-check'
import type { AgentListing } from '../../../../kernel/contract/index.js'
import type { Head } from '../../../../plugins/registry-gossip/records/owner.js'
import { EntryBlockWriter, type LogEntry } from '../../../../plugins/registry-gossip/wire/entry-block.js'
import {
  headsMessage, partMessage, pullMessage, readMessage, readWhisper, snapshotMessage, whisperOf,
} from '../../../../plugins/registry-gossip/wire/registry-messages.js'
import { SeededRandom } from '../../../support/seeded-random.js'

const FUZZ = process.env['CAXTON_TEST_LONG'] === '1' ? 1_000_000 : 5_000
const whole = fc.integer({ min: 1, max: 2 ** 48 })
const nodeId = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
const name = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,254}$/)
const texts = fc.array(fc.string({ unit: 'grapheme', maxLength: 30 }), { maxLength: 3 })
const listing: fc.Arbitrary<AgentListing> = fc.record({
  name,
  claim: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  state: fc.constantFrom('running', 'draining', 'stopped', 'failed'),
  delivery: fc.integer({ min: 0, max: 2 }),
  module: fc.oneof(fc.constant(''), fc.constant('ab'.repeat(32)), fc.stringMatching(/^[0-9a-f]{64}$/)),
  offers: texts,
  topics: texts,
  homes: texts,
  isBound: fc.boolean(),
})
const head: fc.Arbitrary<Head> =
  fc.record({ nodeId, epoch: whole, sequence: whole, hash: fc.nat({ max: 2 ** 32 - 1 }), count: fc.nat({ max: 2 ** 32 }) })
const change = fc.record({ step: fc.integer({ min: 1, max: 500 }), name, listing: fc.option(listing, { nil: undefined }) })

/** Log entries after `from`, as {@link EntryBlockWriter} writes them. */
function blockOf (from: number, changes: ReadonlyArray<{ step: number, name: string, listing: AgentListing | undefined }>) {
  const block = new EntryBlockWriter(from)
  const entries: LogEntry[] = []
  let sequence = from
  for (const each of changes) {
    sequence += each.step
    if (each.listing) block.put(sequence, each.listing)
    else block.gone(sequence, each.name)
    entries.push({ sequence, name: each.listing?.name ?? each.name, listing: each.listing })
  }
  return { block, entries, to: sequence }
}

/** Well-formed messages of every kind, as another node might send them. */
const bytes: fc.Arbitrary<Uint8Array> = fc.oneof(
  fc.tuple(nodeId, whole, fc.nat(), fc.array(change, { maxLength: 4 })).map(([id, epoch, from, changes]) => {
    const { block, to } = blockOf(from, changes)
    return partMessage({ nodeId: id, epoch, from, to, age: 7, head: undefined }, block)
  }),
  fc.array(head, { maxLength: 4 }).map(heads => headsMessage(heads, false)),
  fc.tuple(head, fc.array(listing, { maxLength: 4 })).map(([each, listings]) => {
    const block = new EntryBlockWriter(0)
    for (const one of listings) block.put(0, one)
    return snapshotMessage(each, 5, block)
  }),
  fc.tuple(nodeId, fc.nat(), fc.nat(), fc.integer({ min: -1, max: 1_000 }))
    .map(([id, epoch, from, cursor]) => pullMessage({ nodeId: id, epoch, from, cursor })),
)

describe('registry messages', () => {
  it('carry parts of a log unchanged', () => {
    fc.assert(fc.property(nodeId, whole, fc.nat(), fc.array(change, { maxLength: 8 }), fc.option(head, { nil: undefined }),
      (id, epoch, from, changes, given) => {
        const { block, entries, to } = blockOf(from, changes)
        const part = { nodeId: id, epoch, from, to, age: 12, head: given && { ...given, nodeId: id, epoch, sequence: to } }
        expect(readMessage(partMessage(part, block))).to.deep.equal({ kind: 'part', part: { ...part, entries } })
      }))
  })

  it('carry heads unchanged, and whispers within 64 bytes', () => {
    fc.assert(fc.property(fc.array(head, { maxLength: 20 }), fc.boolean(), (heads, isAnswer) => {
      expect(readMessage(headsMessage(heads, isAnswer))).to.deep.equal({ kind: 'heads', isAnswer, heads })
      for (const each of heads) {
        const whisper = whisperOf(each)
        expect(whisper.byteLength).to.be.most(64)
        expect(readWhisper(each.nodeId, whisper)).to.deep.equal(each)
      }
    }))
  })

  it('carry questions and snapshots unchanged', () => {
    fc.assert(fc.property(head, fc.nat(), fc.array(listing, { maxLength: 8 }), (each, next, listings) => {
      const block = new EntryBlockWriter(0)
      for (const one of listings) block.put(0, one)
      const entries = listings.map(one => ({ sequence: 0, name: one.name, listing: one }))
      expect(readMessage(snapshotMessage(each, next, block))).to.deep.equal({ kind: 'snapshot', snapshot: { head: each, next, entries } })
      const pull = { nodeId: each.nodeId, epoch: each.epoch, from: each.sequence, cursor: next - 1 }
      expect(readMessage(pullMessage(pull))).to.deep.equal({ kind: 'pull', pull })
    }))
  })

  it('take less than 7 bytes for an agent beside its name', () => {
    const block = new EntryBlockWriter(0)
    for (let index = 0; index < 1_000; index++) {
      block.put(index, {
        name: `agent-${1_000 + index}`, claim: 1, state: 'running', delivery: 0, module: 'cd'.repeat(32),
        offers: [], topics: [], homes: [], isBound: false,
      })
    }
    expect(block.bytes / 1_000 - 'agent-1000'.length).to.be.below(7)
  })

  const outcomeOf = (given: Uint8Array): string => {
    try {
      return readMessage(given).kind
    } catch (error) {
      if (error instanceof Error && 'code' in error) return String(error.code)
      throw error
    }
  }

  it('are refused when they end early or go on', () => {
    fc.assert(fc.property(bytes, fc.nat(), (given, at) => {
      expect(outcomeOf(given.subarray(0, at % given.byteLength))).to.equal('REGISTRY_MESSAGE_MALFORMED')
      expect(outcomeOf(Buffer.concat([given, Buffer.of(0)]))).to.equal('REGISTRY_MESSAGE_MALFORMED')
    }))
  })

  it(`are read or refused, whatever comes (${FUZZ} times)`, function () {
    this.timeout(120_000)
    const seed = fc.readConfigureGlobal().seed ?? 1
    const random = new SeededRandom(seed)
    const samples = fc.sample(bytes, { numRuns: 200, seed })
    for (let index = 0; index < FUZZ; index++) {
      const given = Buffer.from(samples[index % samples.length] ?? [])
      const flips = 1 + Math.floor(random.fraction() * 4)
      for (let flip = 0; flip < flips; flip++) given[Math.floor(random.fraction() * given.byteLength)] = Math.floor(random.fraction() * 256)
      outcomeOf(given)
    }
  })

  it('are refused when an entry is beyond the bounds of its part', () => {
    const { block } = blockOf(10, [{ step: 5, name: 'a', listing: undefined }])
    const part = { nodeId: 'n', epoch: 1, from: 10, to: 14, age: 0, head: undefined }
    expect(outcomeOf(partMessage(part, block))).to.equal('REGISTRY_MESSAGE_MALFORMED')
  })
})
