import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import { expect } from 'chai'
import fc from 'fast-check'
import { KeySet } from '../../../../plugins/auth-jwt/key-set.js'
import { pem } from '../../../support/certificates.js'

const pairOf = (): { publicPem: string, privatePem: string } => {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return {
    publicPem: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    privatePem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  }
}
const jwkOf = (publicPem: string): object => createPublicKey(publicPem).export({ format: 'jwk' })

describe('A set of keys', () => {
  it('is read from a JWK set, from one JWK, from PEM and from certificates', async () => {
    const { publicPem } = pairOf()
    const jwk = { ...jwkOf(publicPem), kid: 'one' }
    expect(await KeySet.read(JSON.stringify({ keys: [jwk] })).keysFor('ES256', 'one')).to.have.length(1)
    expect(await KeySet.read(JSON.stringify(jwk)).keysFor('ES256', 'one')).to.have.length(1)
    expect(await KeySet.read(publicPem).keysFor('ES256', undefined)).to.have.length(1)
    expect(await KeySet.read(pem('node.pem')).keysFor('ES256', undefined)).to.have.length(1)
  })

  it('has the key of the name that a token names, where it has names at all', async () => {
    const [one, two] = [pairOf().publicPem, pairOf().publicPem]
    const named = KeySet.read(JSON.stringify({ keys: [{ ...jwkOf(one), kid: 'one' }, { ...jwkOf(two), kid: 'two' }] }))
    expect(await named.keysFor('ES256', 'two')).to.have.length(1)
    expect(await named.keysFor('ES256', 'three')).to.have.length(0)
    expect(await named.keysFor('ES256', undefined)).to.have.length(2)
    expect(await KeySet.read(`${one}${two}`).keysFor('ES256', 'whatever')).to.have.length(2)
  })

  it('offers a key to the algorithm that it is for only', async () => {
    const jwk = jwkOf(pairOf().publicPem)
    const set = (more: object): KeySet => KeySet.read(JSON.stringify({ keys: [{ ...jwk, ...more }] }))
    for (const alg of ['ES384', 'RS256', 'EdDSA', 'HS256', 'none', 'toString', '']) {
      expect(await set({}).keysFor(alg, undefined), alg).to.have.length(0)
    }
    expect(await set({ alg: 'ES384' }).keysFor('ES256', undefined)).to.have.length(0)
    expect(await set({ use: 'enc' }).keysFor('ES256', undefined)).to.have.length(0)
    expect(await set({ key_ops: ['encrypt'] }).keysFor('ES256', undefined)).to.have.length(0)
    expect(await set({ use: 'sig', alg: 'ES256', key_ops: ['verify'] }).keysFor('ES256', undefined)).to.have.length(1)
  })

  it('never has a shared secret, and takes nothing secret from a published private key', async () => {
    const secret = { kty: 'oct', k: Buffer.alloc(32).toString('base64url') }
    expect(() => KeySet.read(JSON.stringify({ keys: [secret] }))).to.throw('there is no public key in it')
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const [key] = await KeySet.read(JSON.stringify({ keys: [secret, privateKey.export({ format: 'jwk' })] })).keysFor('ES256', undefined)
    expect(key?.type).to.equal('public')
  })

  it('tries a token with a few keys at most, and is refused with too many', async () => {
    const keys = Array.from({ length: 12 }, () => jwkOf(pairOf().publicPem))
    expect(await KeySet.read(JSON.stringify({ keys })).keysFor('ES256', undefined)).to.have.length(8)
    expect(() => KeySet.read(JSON.stringify({ keys: Array.from({ length: 101 }, () => keys[0]) }))).to.throw('there are 101 keys')
  })

  it('is refused without quoting it when it holds a private key, or nothing that can be used', () => {
    const { privatePem } = pairOf()
    const body = privatePem.split('\n')[1] ?? ''
    const secrets = [privatePem, `${pairOf().publicPem}${privatePem}`, privatePem.replaceAll('PRIVATE', 'PUBLIC')]
    for (const text of [...secrets, '', '{}', '[]', 'null', '{"keys":1}', '{"keys":[1]}', '<html>']) {
      expect(() => KeySet.read(text), text.slice(0, 20)).to.throw(Error).with.property('message').that.does.not.include(body)
    }
  })

  it('is read or refused by an error, whatever was published', async () => {
    const any = fc.jsonValue()
    const key = fc.record({
      kty: fc.constantFrom('RSA', 'EC', 'OKP', 'oct', 1), crv: any, x: any, n: any, e: any, key_ops: any, kid: any,
    }, { requiredKeys: [] })
    const text = fc.oneof(fc.json(), fc.string(), fc.record({ keys: fc.array(key) }).map(value => JSON.stringify(value)))
    await fc.assert(fc.asyncProperty(text, fc.constantFrom('ES256', 'RS256', 'EdDSA'), async (published, alg) => {
      let set: KeySet
      try {
        set = KeySet.read(published)
      } catch (error) {
        expect(error).to.be.instanceOf(Error)
        return
      }
      await set.keysFor(alg, undefined)
    }), { numRuns: process.env['CAXTON_TEST_LONG'] === '1' ? 20_000 : 300 })
  })
})
