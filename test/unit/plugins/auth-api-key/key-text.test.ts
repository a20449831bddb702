import { expect } from 'chai'
import fc from 'fast-check'
import { SystemRandom } from '../../../../kernel/observability/system-random.js'
import { decodeRecord, encodeRecord } from '../../../../plugins/auth-api-key/keys/key-record.js'
import { keyIdOf, newKeyId, newKeyText } from '../../../../plugins/auth-api-key/keys/key-text.js'

const fixed = (byte: number) => ({ fraction: () => 0, bytes: (count: number) => new Uint8Array(count).fill(byte) })

describe('the text of an API key', () => {
  it('holds its id, and every bit of its secret', () => {
    const random = new SystemRandom()
    const id = newKeyId(random)
    expect(keyIdOf(newKeyText(id, random))).to.equal(id)
    expect(newKeyText(id, random)).not.to.equal(newKeyText(id, random))
    expect(newKeyText('a'.repeat(16), fixed(0))).to.equal(`cax_${'a'.repeat(16)}_${'a'.repeat(56)}`)
    expect(newKeyText('a'.repeat(16), fixed(255))).to.equal(`cax_${'a'.repeat(16)}_${'7'.repeat(56)}`)
  })

  it('is no other text', () => {
    fc.assert(fc.property(fc.string(), text => keyIdOf(text) === undefined))
    const key = newKeyText('a'.repeat(16), fixed(7))
    for (const text of [`${key}\n`, ` ${key}`, key.toUpperCase(), key.replace('_', '-'), `${key}a`, key.slice(1)]) {
      expect(keyIdOf(text)).to.equal(undefined)
    }
  })
})

describe('the record of an API key', () => {
  const record = fc.record({
    id: fc.string(), name: fc.string(), roles: fc.array(fc.string()), createdBy: fc.string(),
    created: fc.nat(), lifetime: fc.nat(), expires: fc.nat(), revoked: fc.nat(), version: fc.nat(),
    hashes: fc.array(fc.record({ hash: fc.string(), by: fc.string(), until: fc.nat() })),
  }, { noNullPrototype: true })

  it('is read as it was written', () => {
    fc.assert(fc.property(record, kept => { expect(decodeRecord(encodeRecord(kept))).to.deep.equal(kept) }))
  })

  it('is never made of other bytes', () => {
    fc.assert(fc.property(fc.oneof(fc.uint8Array(), fc.json().map(text => new TextEncoder().encode(text))), bytes => {
      expect(() => decodeRecord(bytes)).to.throw()
    }))
  })
})
