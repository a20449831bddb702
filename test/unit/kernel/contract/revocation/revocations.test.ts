import { X509Certificate } from 'node:crypto'
import { expect } from 'chai'
import fc from 'fast-check'
import { Revocations } from '../../../../../kernel/contract/index.js'
import { parseRevocationList } from '../../../../../kernel/contract/revocation/revocation-list.js'
import { TestAuthority } from '../../../../support/test-authority.js'

const RUNS = process.env['CAXTON_TEST_LONG'] === '1' ? 50_000 : 1_000
const NOW = Date.UTC(2026, 0, 2, 3, 4, 5)
const DAY = 24 * 60 * 60 * 1000

const derOf = (pem: string): Uint8Array => new X509Certificate(pem).raw
const read = (lists: string, trust: string): Revocations => {
  const revocations = Revocations.read(lists, trust)
  if (typeof revocations === 'string') throw new Error(revocations)
  return revocations
}

describe('revocations', () => {
  let authority: TestAuthority
  let stranger: TestAuthority
  let one: string
  let other: string
  let list: string

  before(async () => {
    authority = await TestAuthority.make(NOW)
    stranger = await TestAuthority.make(NOW)
    one = (await authority.node('node-1')).certificate
    other = (await authority.node('node-2')).certificate
    list = await authority.revocations([one])
  })

  it('know which certificate is revoked, since when, and when the list ends', () => {
    const revocations = read(list, authority.trust)
    expect(revocations.since(derOf(one))).to.equal(NOW)
    expect(revocations.since(derOf(other))).to.equal(undefined)
    expect(revocations.until).to.equal(NOW + 5 * DAY)
  })

  it('revoke nothing of another authority, whatever its serial number or name', async () => {
    const theirs = (await stranger.node('node-1')).certificate
    const lists = list + await stranger.revocations([])
    expect(read(lists, authority.trust + stranger.trust).since(derOf(theirs))).to.equal(undefined)
  })

  it('take a list of nothing, as an authority has it before it revokes', async () => {
    expect(read(await authority.revocations([]), authority.trust).since(derOf(one))).to.equal(undefined)
    expect(Revocations.none.since(derOf(one))).to.equal(undefined)
  })

  it('know any serial number, long ones and those with a high first bit too', async () => {
    const many = await Promise.all(Array.from({ length: 8 }, async () => (await authority.node('node-3')).certificate))
    const revocations = read(await authority.revocations(many), authority.trust)
    for (const certificate of many) expect(revocations.since(derOf(certificate))).to.equal(NOW)
    expect(revocations.since(derOf(other))).to.equal(undefined)
  })

  it('are not read from a list that no trusted authority signed', () => {
    expect(Revocations.read(list, stranger.trust)).to.contain('no authority that is trusted here has signed it')
  })

  it('are not read from a text without lists', () => {
    expect(Revocations.read(one, authority.trust)).to.contain('no revocation lists')
  })

  it('are not read from a list with any byte changed', () => {
    const body = list.replace(/-----[^-]*-----/g, '')
    const der = Buffer.from(body, 'base64')
    fc.assert(fc.property(fc.nat(der.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
      const changed = Buffer.from(der)
      changed[at] = (changed[at] ?? 0) ^ change
      const pem = `-----BEGIN X509 CRL-----\n${changed.toString('base64')}\n-----END X509 CRL-----\n`
      expect(Revocations.read(pem, authority.trust)).to.be.a('string')
    }), { numRuns: RUNS / 20 })
  })

  it('come from any bytes as a list or an error in words, never as anything else', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), bytes => {
      try {
        parseRevocationList(bytes)
      } catch (error) {
        expect(error).to.be.instanceOf(Error).and.not.instanceOf(TypeError).and.not.instanceOf(RangeError)
      }
    }), { numRuns: RUNS })
  })
})
