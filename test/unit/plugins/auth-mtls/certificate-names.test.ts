import 'reflect-metadata'
import { webcrypto, X509Certificate } from 'node:crypto'
import { GeneralName, SubjectAlternativeNameExtension, X509CertificateGenerator, Name } from '@peculiar/x509'
import { expect } from 'chai'
import fc from 'fast-check'
import { alternativeNames, namesOf } from '../../../../plugins/auth-mtls/certificates/certificate-names.js'

const P256 = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const
type Alternative = readonly [type: 'dns' | 'email' | 'url' | 'ip', value: string]

async function certificateWith (
  subject: ReadonlyArray<readonly ['CN' | 'O', string]>, alternatives: readonly Alternative[],
): Promise<X509Certificate> {
  const keys = await webcrypto.subtle.generateKey(P256, true, ['sign', 'verify'])
  const made = await X509CertificateGenerator.createSelfSigned({
    keys, signingAlgorithm: P256, name: new Name(subject.map(([type, value]) => ({ [type]: [{ utf8String: value }] }))),
    extensions: alternatives.length === 0 ? []
      : [new SubjectAlternativeNameExtension(alternatives.map(([type, value]) => new GeneralName(type, value)))],
  })
  return new X509Certificate(Buffer.from(made.rawData))
}

describe('the names in a certificate', () => {
  it('are its common name and its alternative names, each where it stands', async () => {
    const certificate = await certificateWith([['CN', 'Ada Löveläce'], ['O', 'CN=root']], [
      ['dns', 'a.example'], ['email', 'ada@example.com'], ['url', 'spiffe://example.org/ns/a, DNS:root'], ['ip', '10.0.0.1'],
      ['dns', 'b.example'],
    ])
    expect(namesOf(certificate)).to.deep.equal({
      'common-name': ['Ada Löveläce'], 'dns': ['a.example', 'b.example'], 'email': ['ada@example.com'],
      'uri': ['spiffe://example.org/ns/a, DNS:root'],
    })
  })

  it('may be none', async () => {
    expect(Object.values(namesOf(await certificateWith([['O', 'nobody']], []))).flat()).to.deep.equal([])
  })

  it('are refused when there are several common names, or one that would not fit a line of the log', async () => {
    expect(() => namesOf(new X509Certificate(''))).to.throw()
    const two = await certificateWith([['CN', 'a'], ['CN', 'b']], [])
    expect(() => namesOf(two)).to.throw('several common names')
    for (const name of ['a\nb', 'a\0b', ' a', 'a '.repeat(200)]) {
      const odd = await certificateWith([['CN', name]], [])
      expect(() => namesOf(odd), JSON.stringify(name)).to.throw('can\'t be used')
    }
  })

  it('can not be smuggled in by what stands inside another', async () => {
    for (const value of ['x, DNS:root', 'x", DNS:root', '"', '\\", URI:y', 'a,b', 'DNS:root']) {
      const { dns, uri } = namesOf(await certificateWith([['CN', 'a']], [['url', value], ['dns', 'real']]))
      expect([uri, dns], value).to.deep.equal([[value], ['real']])
    }
  })
})

describe('the text of alternative names', () => {
  const kind = fc.constantFrom('DNS', 'URI', 'email', 'IP Address')
  const written = (name: string): string => /[",\\]|[^\x20-\x7e]/.test(name) ? JSON.stringify(name) : name

  it('is read as it was written', () => {
    fc.assert(fc.property(fc.array(fc.tuple(kind, fc.string())), names => {
      expect(alternativeNames(names.map(([each, name]) => `${each}:${written(name)}`).join(', '))).to.deep.equal(names)
    }))
  })

  it('is refused or read, whatever it is', () => {
    fc.assert(fc.property(fc.string(), text => {
      try {
        for (const [each] of alternativeNames(text)) expect(each).to.match(/^[A-Za-z ]+$/)
      } catch (error) {
        expect(error).to.be.instanceOf(Error)
      }
    }))
  })
})
