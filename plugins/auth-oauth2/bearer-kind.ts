import { API_KEY_PREFIX } from '../../kernel/contract/index.js'

/** No face takes a longer header, so that it would be in vain to read one. */
const LONGEST = 65_536

/**
 * Whether a bearer is one to ask the provider about: no API key, which is nobody else's business, and no signed token, unless it says that
 * it is from `issuer`.
 */
export function isOurs (token: string, issuer: string | undefined): boolean {
  if (token.startsWith(API_KEY_PREFIX)) return false
  if (token.length > LONGEST) return true
  const [header = '', payload = '', signature, ...more] = token.split('.', 5)
  if (signature === undefined || more.length > 0 || fieldIn(header, 'alg') === undefined) return true
  return issuer !== undefined && fieldIn(payload, 'iss') === issuer
}

/** A member of the JSON object in a part of a token. */
function fieldIn (part: string, name: string): unknown {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString())
    return typeof value === 'object' && value !== null && Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined
  } catch {
    return undefined
  }
}
