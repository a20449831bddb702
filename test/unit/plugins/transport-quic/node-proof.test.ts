import { expect } from 'chai'
import fc from 'fast-check'
import { LINK_PROTOCOL, versionRangeOf, type Hello } from '../../../../kernel/contract/index.js'
import { nodeProof, type ProofScene } from '../../../../plugins/transport-quic/node-proof.js'
import { linkCredentials } from '../../../support/node-identity.js'
import { TestAuthority } from '../../../support/test-authority.js'

const LONG = process.env['CAXTON_TEST_LONG'] === '1'
const RUNS = { numRuns: LONG ? 2_000 : 15 }
const MUTANTS = LONG ? 50_000 : 500
const now = (): number => Date.now()
const nonceOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64')

const nonces = fc.uint8Array({ minLength: 32, maxLength: 32 }).map(nonceOf)
const channels = fc.uint8Array({ minLength: 1, maxLength: 64 })
const encounters = fc.record({ nonceA: nonces, nonceB: nonces, channel: channels })

const hello = (nodeId: string, nonce: string): Hello => ({
  nodeId, protocol: LINK_PROTOCOL, caxton: versionRangeOf('0.1.0'), largestFrame: 65_536, compression: false, nonce,
})

interface Encounter { readonly nonceA: string, readonly nonceB: string, readonly channel: Uint8Array }

const a = ({ nonceA: nonce, channel }: Encounter, more: Partial<ProofScene> = {}, certificate = 'node-a') =>
  nodeProof({ nodeId: 'node-a', role: 'dialer', nonce, channel, ...more }, linkCredentials(certificate), now)
const b = ({ nonceB: nonce, channel }: Encounter, more: Partial<ProofScene> = {}) =>
  nodeProof({ nodeId: 'node-b', role: 'listener', nonce, channel, ...more }, linkCredentials('node-b'), now)

/** What a shows in one encounter. */
const shownByA = (encounter: Encounter, more?: Partial<ProofScene>, certificate?: string): Uint8Array =>
  a(encounter, more, certificate).show?.(hello('node-b', encounter.nonceB)) ?? new Uint8Array()

/** What b thinks of it in another. */
const doubtOfB = (encounter: Encounter, shown: Uint8Array, more?: Partial<ProofScene>, nodeId = 'node-a'): string | undefined =>
  b(encounter, more).doubt(hello(nodeId, encounter.nonceA), shown)

const MISFIT = 'its signature does not fit this connection'

describe('The proof of a node', () => {
  it('convinces the other side, both ways', () => {
    fc.assert(fc.property(encounters, encounter => {
      expect(doubtOfB(encounter, shownByA(encounter))).to.equal(undefined)
      const shownByB = b(encounter).show?.(hello('node-a', encounter.nonceA))
      expect(a(encounter).doubt(hello('node-b', encounter.nonceB), shownByB)).to.equal(undefined)
    }), RUNS)
  })

  it('does not convince with a certificate that is revoked', async () => {
    const authority = await TestAuthority.make()
    const [credentialsA, credentialsB] = [await authority.credentials('node-a'), await authority.credentials('node-b')]
    const [nonceA, nonceB] = [nonceOf(Buffer.alloc(32, 1)), nonceOf(Buffer.alloc(32, 2))]
    const channel = Buffer.alloc(8)
    const shown = nodeProof({ nodeId: 'node-a', role: 'dialer', nonce: nonceA, channel }, credentialsA, now).show?.(hello('node-b', nonceB))
    const doubtWith = (revoked: string) => {
      const proof = nodeProof({ nodeId: 'node-b', role: 'listener', nonce: nonceB, channel }, { ...credentialsB, revoked }, now)
      return { doubt: proof.doubt(hello('node-a', nonceA), shown), certificate: proof.certificate?.() }
    }
    const believed = doubtWith(await authority.revocations([]))
    expect(believed.doubt).to.equal(undefined)
    expect(believed.certificate).to.not.equal(undefined)
    expect(doubtWith(await authority.revocations([credentialsA.chain])).doubt).to.equal('its certificate is revoked')
  })

  it('is of no use a second time: either nonce makes another connection of it', () => {
    fc.assert(fc.property(encounters, nonces, (encounter, other) => {
      fc.pre(other !== encounter.nonceB && other !== encounter.nonceA)
      const shown = shownByA(encounter)
      expect(doubtOfB({ ...encounter, nonceB: other }, shown)).to.equal(MISFIT)
      expect(doubtOfB({ ...encounter, nonceA: other }, shown)).to.equal(MISFIT)
    }), RUNS)
  })

  it('is of no use on another channel', () => {
    fc.assert(fc.property(encounters, channels, (encounter, channel) => {
      fc.pre(!Buffer.from(channel).equals(encounter.channel))
      expect(doubtOfB({ ...encounter, channel }, shownByA(encounter))).to.equal(MISFIT)
    }), RUNS)
  })

  it('is of no use in the other role', () => {
    fc.assert(fc.property(encounters, encounter => {
      expect(doubtOfB(encounter, shownByA(encounter, { role: 'listener' }))).to.equal(MISFIT)
      expect(doubtOfB(encounter, shownByA(encounter), { role: 'dialer' })).to.equal(MISFIT)
    }), RUNS)
  })

  it('is of no use as its own answer: what a side has shown convinces it of nobody', () => {
    fc.assert(fc.property(encounters, encounter => {
      expect(a(encounter).doubt(hello('node-a', encounter.nonceA), shownByA(encounter))).to.equal(MISFIT)
    }), RUNS)
  })

  it('is of no use to another node, nor for one', () => {
    fc.assert(fc.property(encounters, encounter => {
      expect(doubtOfB(encounter, shownByA(encounter), { nodeId: 'node-c' })).to.equal(MISFIT)
      expect(doubtOfB(encounter, shownByA(encounter), {}, 'node-c')).to.match(/not for node "node-c" but for CN=node-a/)
      expect(doubtOfB(encounter, shownByA(encounter, { nodeId: 'node-c' }), {}, 'node-c')).to.match(/not for node "node-c"/)
    }), RUNS)
  })

  it('needs the key that belongs to the certificate', () => {
    const encounter = { nonceA: nonceOf(new Uint8Array(32)), nonceB: nonceOf(new Uint8Array(32).fill(1)), channel: Uint8Array.of(1) }
    const stolen = { ...linkCredentials('node-a'), key: linkCredentials('node-c').key }
    const thief = nodeProof({ nodeId: 'node-a', role: 'dialer', nonce: encounter.nonceA, channel: encounter.channel }, stolen, now)
    expect(doubtOfB(encounter, thief.show?.(hello('node-b', encounter.nonceB)) ?? new Uint8Array())).to.equal(MISFIT)
  })

  it(`convinces nobody in ${MUTANTS} mutants, and harms nobody`, () => {
    const encounter = { nonceA: nonceOf(new Uint8Array(32)), nonceB: nonceOf(new Uint8Array(32).fill(1)), channel: Uint8Array.of(1) }
    const shown = shownByA(encounter)
    const places = fc.nat(shown.byteLength - 1)
    const place = fc.record({ at: places, value: fc.integer({ min: 1, max: 255 }), cut: fc.option(places) })
    fc.assert(fc.property(place, ({ at, value, cut }) => {
      const mutant = shown.slice(0, cut ?? shown.byteLength)
      if (cut === null) mutant[at] = (mutant[at] ?? 0) ^ value
      expect(doubtOfB(encounter, mutant)).to.be.a('string')
    }), { numRuns: MUTANTS })
  })
})
