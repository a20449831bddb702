import { CredentialRefused, type Claims } from '../../kernel/contract/index.js'

/** A token in parts. Nothing of it is proven. */
export interface CompactToken {
  readonly text: string
  readonly alg: string
  readonly kid: string | undefined
  readonly typ: string | undefined
  readonly claims: Claims
}

/** Longer ones are not even looked at: no face takes such a header. */
const LONGEST = 65_536
const LONGEST_HEADER = 2_048
const LONGEST_KID = 256
const THREE_PARTS = /^([^.]+)\.([^.]+)\.([^.]*)$/
/** Names keys that the token brings itself, or changes what is signed, or says that it is no plain signed token. */
const FORBIDDEN = ['crit', 'jwk', 'jku', 'x5c', 'x5u', 'b64', 'enc', 'zip']

/** Who a token says it is from, read as leniently as may be; undefined where it is no JWT, or says nothing. */
export function issuerIn (token: string): string | undefined {
  if (token.length > LONGEST) return undefined
  const [, , payload = ''] = THREE_PARTS.exec(token) ?? []
  const iss = fieldsIn(Buffer.from(payload, 'base64url'))?.['iss']
  return typeof iss === 'string' ? iss : undefined
}

/**
 * Takes a token apart, strictly: JWS compact serialization (RFC 7515 §7.1) with canonical base64url in each part, whose header has no
 * extension and brings no key along. `credential` names it in errors. Throws `CREDENTIAL_REFUSED`.
 */
export function readToken (text: string, largest: number, credential: string): CompactToken {
  const refuse = (because: string): never => { throw CredentialRefused({ credential, because }) }
  if (text.length > largest) return refuse(`it has ${text.length} bytes, of at most ${largest}`)
  const [, header = '', payload = '', signature = ''] = THREE_PARTS.exec(text) ?? []
  if (![header, payload, signature].every(isCanonical)) return refuse('it is not written in canonical base64url')
  if (header.length > LONGEST_HEADER) return refuse('its header is too long')
  const fields = fieldsIn(Buffer.from(header, 'base64url')) ?? refuse('its header is no JSON object')
  const forbidden = FORBIDDEN.find(name => Object.hasOwn(fields, name))
  if (forbidden !== undefined) return refuse(`its header has "${forbidden}"`)
  const { alg, kid, typ } = fields
  if (typeof alg !== 'string') return refuse('its header names no algorithm')
  if (kid !== undefined && (typeof kid !== 'string' || kid.length > LONGEST_KID)) return refuse('its header names no proper key')
  if (typ !== undefined && typeof typ !== 'string') return refuse('its header names no proper type')
  const claims = fieldsIn(Buffer.from(payload, 'base64url')) ?? refuse('its payload is no JSON object')
  return { text, alg, kid, typ, claims }
}

/**
 * Whether a text is what encoding its bytes gives. Node's decoder takes spaces, padding, the other alphabet and stray bits at the end, so
 * that many texts would pass for one token.
 */
const isCanonical = (part: string): boolean => part !== '' && Buffer.from(part, 'base64url').toString('base64url') === part

function fieldsIn (bytes: Uint8Array): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes))
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined
  } catch {
    return undefined
  }
}
