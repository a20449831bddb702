import type { Origin } from '../operation.js'

/** What begins an API key of this server: tells keys from tokens of others, who must never see them. */
export const API_KEY_PREFIX = 'cax_'

const BEARER = /^Bearer +([A-Za-z0-9._~+/-]+=*)$/i

/** The token of a call with `authorization: Bearer TOKEN` (RFC 6750 §2.1); undefined when it has none, or several. */
export function bearerOf (origin: Origin): string | undefined {
  return BEARER.exec(origin.headers.get('authorization') ?? '')?.[1]
}
