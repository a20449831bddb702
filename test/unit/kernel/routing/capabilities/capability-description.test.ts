import { expect } from 'chai'
import fc from 'fast-check'
import { readRegistration } from '../../../../../kernel/routing/capabilities/capability-description.js'

const RUNS = { numRuns: process.env['CAXTON_TEST_LONG'] === '1' ? 100_000 : 500 }
const read = (value: unknown): unknown => readRegistration(JSON.stringify(value))

describe('what an agent registers', () => {
  it('is a name, and what is known about it', () => {
    const capability = {
      name: 'sell', version: '1.2.0', description: 'Sells.', input: { type: 'object' }, output: true, costs: { coins: 2.5 },
      protocols: ['fipa-contract-net'],
    }
    expect(read({ ...capability, version: '1.2' })).to.deep.equal({ kind: 'offers', capability })
  })

  it('needs no more than a name, and ignores what it does not know', () => {
    const capability = {
      name: 'sell', version: '1.0.0', description: '', input: undefined, output: undefined, costs: {}, protocols: [],
    }
    expect(read({ name: 'sell', colour: 'red' })).to.deep.equal({ kind: 'offers', capability })
  })

  it('may be withdrawn', () => {
    expect(read({ withdraw: 'sell' })).to.deep.equal({ kind: 'withdraws', name: 'sell' })
  })

  it('is malformed when a part of it is not what it should be', () => {
    const malformed = [
      null, 5, 'sell', [], {}, { name: '' }, { name: 'a b' }, { name: 'a@1' }, { name: 'a:b' }, { name: '-a' },
      { name: 'a'.repeat(101) }, { name: 5 },
      { name: 'a', version: 1 }, { name: 'a', version: '^1' }, { name: 'a', description: 5 }, { name: 'a', input: 'text' },
      { name: 'a', output: [] }, { name: 'a', input: null }, { name: 'a', costs: [] }, { name: 'a', costs: { coins: -1 } },
      { name: 'a', costs: { coins: '1' } }, { name: 'a', protocols: 'x' }, { name: 'a', protocols: [''] },
      { name: 'a', costs: Object.fromEntries(Array.from({ length: 17 }, (_, index) => [`c${index}`, 1])) },
      { withdraw: 5 }, { withdraw: 'a b' },
    ]
    for (const value of malformed) expect(read(value), JSON.stringify(value)).to.equal(undefined)
    expect(readRegistration('{"name":')).to.equal(undefined)
  })

  it('is read from any text without an error', () => {
    const members = fc.record({
      name: fc.anything(), version: fc.anything(), input: fc.anything(), costs: fc.anything(), protocols: fc.anything(),
    }, { requiredKeys: [] })
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json(), members.map(value => JSON.stringify(value) ?? '')), text => {
      const registration = readRegistration(text)
      if (registration?.kind === 'offers') expect(registration.capability.version).to.match(/^\d+\.\d+\.\d+$/)
    }), RUNS)
  })
})
