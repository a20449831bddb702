import { createPublicKey } from 'node:crypto'
import { createLocalJWKSet, errors, type CryptoKey, type JSONWebKeySet, type JWK, type LocalJWKSet } from 'jose'

/** Far more than any issuer has. */
const MOST_KEYS = 100
/** Keys that one token is tried with. */
const MOST_TRIED = 8
const PUBLIC = ['kty', 'n', 'e', 'crv', 'x', 'y', 'kid', 'alg', 'use', 'key_ops'] as const
const PEM_BLOCK = /-----BEGIN ([A-Z0-9 ]+)-----[^-]*-----END \1-----/g

/** The public keys of an issuer. */
export class KeySet {
  private constructor (private readonly choose: LocalJWKSet, private readonly hasNames: boolean) {}

  /** Reads a JWK set (RFC 7517 §5), a single JWK, or PEM. Throws an error whose message says why it can't be used, and quotes nothing. */
  static read (text: string): KeySet {
    const keys = text.includes('-----BEGIN') ? keysInPem(text) : keysInJson(text)
    if (keys.length > MOST_KEYS) throw new Error(`there are ${keys.length} keys, of at most ${MOST_KEYS}`)
    const usable = keys.filter(({ kty }) => kty === 'RSA' || kty === 'EC' || kty === 'OKP').map(publicPart)
    if (usable.length === 0) throw new Error('there is no public key in it')
    const set: JSONWebKeySet = { keys: usable }
    return new KeySet(createLocalJWKSet(set), usable.some(({ kid }) => kid !== undefined))
  }

  /** The keys that a token with this header may be signed with, of the right kind for its algorithm: none, one, or a few. */
  async keysFor (alg: string, kid: string | undefined): Promise<readonly CryptoKey[]> {
    // Keys in PEM have no names, so a name in the token says nothing.
    const header = kid === undefined || !this.hasNames ? { alg } : { alg, kid }
    try {
      return [await this.choose(header)]
    } catch (error) {
      if (!(error instanceof errors.JWKSMultipleMatchingKeys)) return []
      const found: CryptoKey[] = []
      for await (const key of error) {
        if (found.push(key) === MOST_TRIED) break
      }
      return found
    }
  }
}

function keysInJson (text: string): readonly JWK[] {
  const value: unknown = parsed(text)
  const list: unknown = isRecord(value) && 'keys' in value ? value['keys'] : [value]
  if (!Array.isArray(list) || !list.every(isRecord)) throw new Error('it is neither a JWK set nor PEM')
  return list
}

function parsed (text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new Error('it is neither a JWK set nor PEM')
  }
}

function keysInPem (text: string): readonly JWK[] {
  return [...text.matchAll(PEM_BLOCK)].map(([block, label = '']) => {
    if (label.endsWith('PRIVATE KEY')) throw new Error('it holds a private key, which belongs to the issuer alone')
    try {
      return createPublicKey(block).export({ format: 'jwk' })
    } catch {
      throw new Error(`a block "${label}" in it holds no public key`)
    }
  })
}

/** Without what is secret, should somebody have published it, and without what nobody needs. */
const publicPart = (key: JWK): JWK => Object.fromEntries(PUBLIC.flatMap(name => name in key ? [[name, key[name]] as const] : []))

function isRecord (value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
