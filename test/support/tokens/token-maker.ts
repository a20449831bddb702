import { CompactSign, exportJWK, generateKeyPair, type CryptoKey, type JWK } from 'jose'

/** The moment at which the tests' clocks begin, in seconds. */
export const NOW = Date.UTC(2030, 0, 1) / 1000

/** What a good token of the tests says; tests change one thing. */
export const CLAIMS = {
  iss: 'https://id.test', aud: 'caxton', sub: 'alice', iat: NOW, exp: NOW + 600, roles: ['staff'],
} as const

const bytesOf = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value))

/** An issuer's key pair, with which tests sign whatever they like. */
export class TokenMaker {
  private constructor (private readonly key: CryptoKey | Uint8Array, readonly alg: string, readonly jwk: JWK) {}

  static async withKey (kid: string, alg = 'ES256'): Promise<TokenMaker> {
    const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true })
    return new TokenMaker(privateKey, alg, { ...await exportJWK(publicKey), kid })
  }

  static withSecret (secret: string, alg = 'HS256'): TokenMaker {
    return new TokenMaker(new TextEncoder().encode(secret), alg, {})
  }

  async token (claims: object = {}, header: object = {}): Promise<string> {
    return await this.sign(bytesOf({ ...CLAIMS, ...claims }), header)
  }

  /** Signs any bytes; members of the header that are undefined are left out. */
  async sign (payload: Uint8Array, header: object = {}): Promise<string> {
    const whole = { alg: this.alg, typ: 'at+jwt', ...this.jwk.kid === undefined ? {} : { kid: this.jwk.kid }, ...header }
    return await new CompactSign(payload).setProtectedHeader(whole).sign(this.key, { crit: { 'urn:example:extension': true } })
  }
}

/** The key set that publishes these makers' keys. */
export const keySetOf = (...makers: readonly TokenMaker[]): string => JSON.stringify({ keys: makers.map(({ jwk }) => jwk) })

/** One part of a token, of any JSON. */
export const partOf = (value: unknown): string => Buffer.from(bytesOf(value)).toString('base64url')

/** The JSON of a part of a token. */
export function jsonOf (token: string, part: 0 | 1): Record<string, unknown> {
  return JSON.parse(Buffer.from(token.split('.')[part] ?? '', 'base64url').toString()) as Record<string, unknown>
}

/** The same token with one part replaced. */
export const withPart = (token: string, part: 0 | 1 | 2, change: (text: string) => string): string =>
  token.split('.').map((text, index) => index === part ? change(text) : text).join('.')
