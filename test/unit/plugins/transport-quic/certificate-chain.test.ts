import { X509Certificate, webcrypto } from 'node:crypto'
import {
  BasicConstraintsExtension, ExtendedKeyUsage, ExtendedKeyUsageExtension, Extension, X509CertificateGenerator,
  type X509Certificate as Made,
} from '@peculiar/x509'
import { expect } from 'chai'
import { certificatesIn, distrust } from '../../../../plugins/transport-quic/certificate-chain.js'
import { linkCredentials } from '../../../support/node-identity.js'

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
const NOW = Date.UTC(2030, 0, 1)
const UNTRUSTED = 'its certificate does not come from an authority that this node trusts'

interface Signer { readonly name: string, readonly keys: webcrypto.CryptoKeyPair }
interface Wish {
  readonly authority?: boolean
  readonly below?: number
  readonly usages?: readonly string[]
  readonly until?: number
  readonly from?: number
  readonly extra?: Extension
}

async function signer (name: string): Promise<Signer> {
  return { name, keys: await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']) }
}

async function issued (subject: Signer, issuer: Signer, wish: Wish = {}): Promise<X509Certificate> {
  const { authority = false, below, usages, until, from, extra } = wish
  const made: Made = await X509CertificateGenerator.create({
    serialNumber: '01',
    subject: `CN=${subject.name}`,
    issuer: `CN=${issuer.name}`,
    notBefore: new Date(from ?? NOW - 1000),
    notAfter: new Date(until ?? NOW + 60_000),
    signingAlgorithm: ALGORITHM,
    publicKey: subject.keys.publicKey,
    signingKey: issuer.keys.privateKey,
    extensions: [
      new BasicConstraintsExtension(authority, below, true),
      ...usages ? [new ExtendedKeyUsageExtension([...usages])] : [],
      ...extra ? [extra] : [],
    ],
  })
  return new X509Certificate(Buffer.from(made.rawData))
}

describe('A chain of certificates', () => {
  let root: Signer
  let middle: Signer
  let lower: Signer
  let node: Signer
  let trust: X509Certificate[]

  before(async () => {
    [root, middle, lower, node] = await Promise.all(['root', 'middle', 'lower', 'node-a'].map(signer)) as [Signer, Signer, Signer, Signer]
    trust = [await issued(root, root, { authority: true })]
  })

  const verdict = (chain: readonly X509Certificate[], role: 'dialer' | 'listener' = 'dialer'): string | undefined =>
    distrust(chain, trust, role, NOW)

  it('is trusted when it leads to an authority, with others between or without', async () => {
    expect(verdict([await issued(node, root)])).to.equal(undefined)
    const between = await issued(middle, root, { authority: true })
    expect(verdict([await issued(node, middle), between])).to.equal(undefined)
    expect(verdict([await issued(node, middle), between, ...trust])).to.equal(undefined)
  })

  it('is not when a link of it is missing, or nobody trusts its end', async () => {
    expect(verdict([])).to.equal('it shows no certificate')
    expect(verdict([await issued(node, middle)])).to.equal(UNTRUSTED)
    expect(verdict([await issued(node, middle), await issued(middle, middle, { authority: true })])).to.equal(UNTRUSTED)
  })

  it('is not when somebody else signed in the name of the authority', async () => {
    expect(verdict([await issued(node, { ...root, keys: middle.keys })])).to.equal(UNTRUSTED)
  })

  it('is not when a node plays the authority', async () => {
    const impostor = await issued(middle, root)
    expect(verdict([await issued(node, middle), impostor])).to.equal('an authority above its certificate is none')
  })

  it('is not when an authority may not have so many below it', async () => {
    const between = await issued(middle, root, { authority: true, below: 0 })
    expect(verdict([await issued(node, middle), between])).to.equal(undefined)
    const under = await issued(lower, middle, { authority: true })
    expect(verdict([await issued(node, lower), under, between])).to.match(/may not have so many below it/)
  })

  it('is not outside of the time of any of its certificates', async () => {
    expect(verdict([await issued(node, root, { until: NOW - 1 })])).to.equal('its certificate has expired')
    expect(verdict([await issued(node, root, { from: NOW + 5000 })])).to.match(/its certificate is not valid yet/)
    const between = await issued(middle, root, { authority: true, until: NOW - 1 })
    expect(verdict([await issued(node, middle), between])).to.equal('an authority above its certificate has expired')
    expect(distrust([await issued(node, root)], trust, 'dialer', NOW + 120_000)).to.match(/expired/)
  })

  it('is not for another use than its own', async () => {
    const leaf = await issued(node, root, { usages: [ExtendedKeyUsage.clientAuth] })
    expect(verdict([leaf], 'dialer')).to.equal(undefined)
    expect(verdict([leaf], 'listener')).to.match(/may not be used for both ends/)
  })

  it('is not with a critical extension that nobody here understands', async () => {
    const constrained = new Extension('2.5.29.30', true, Uint8Array.of(0x30, 0))
    expect(verdict([await issued(node, root, { extra: constrained })])).to.equal(
      'its certificate has an extension that is not understood (2.5.29.30)')
  })

  it('reads what a file with PEM holds', () => {
    const { chain, trust: authorities } = linkCredentials('node-a')
    expect(distrust(certificatesIn(chain), certificatesIn(authorities), 'listener', Date.now())).to.equal(undefined)
    expect(certificatesIn('nothing')).to.deep.equal([])
  })
})
