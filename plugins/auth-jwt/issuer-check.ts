import type { IssuerKeys } from './auth-jwt-config.js'
import { JwtIssuerMisconfigured } from './auth-jwt-errors.js'

/** Least bytes of a secret: as many as the hash has (RFC 7518 §3.2). */
const SECRET_BYTES: ReadonlyMap<string, number> = new Map([['HS256', 32], ['HS384', 48], ['HS512', 64]])

/** Throws `JWT_ISSUER_MISCONFIGURED` for the first thing that is wrong with the keys of an issuer. `path` is where they stand. */
export function checkIssuer (path: string, keys: IssuerKeys): void {
  const complaint = complaintOf(keys)
  if (complaint !== undefined) throw JwtIssuerMisconfigured({ path, complaint })
}

function complaintOf (keys: IssuerKeys): string | undefined {
  const { issuer, audience, jwks_url: url, key_file: file, secret, ca_file: trust, algorithms } = keys
  if (issuer === '') return 'issuer is empty'
  if (audience.length === 0 || audience.includes('')) return 'audience names nobody, so that tokens for anybody would do'
  if ([url, file, secret].filter(source => source !== undefined).length !== 1) return 'give one of jwks_url, key_file and secret'
  if (trust !== undefined && url === undefined) return 'ca_file goes with jwks_url'
  if (algorithms.length === 0) return 'algorithms is empty, so that no token would do'
  if (keys.keys_keep < keys.keys_refresh) return 'keys_keep is shorter than keys_refresh'
  return secret === undefined ? complaintOfPublic(algorithms) : complaintOfSecret(algorithms, secret.reveal())
}

function complaintOfPublic (algorithms: readonly string[]): string | undefined {
  const shared = algorithms.find(algorithm => SECRET_BYTES.has(algorithm))
  return shared === undefined ? undefined : `${shared} needs a secret: with public keys, everybody could sign by it`
}

function complaintOfSecret (algorithms: readonly string[], secret: string): string | undefined {
  const sizes = algorithms.map(algorithm => SECRET_BYTES.get(algorithm))
  if (sizes.includes(undefined)) return 'with a secret, algorithms may have HS256, HS384 and HS512 only'
  const least = Math.max(...sizes.map(size => size ?? 0))
  return Buffer.byteLength(secret) < least ? `the secret has less than ${least} bytes` : undefined
}
