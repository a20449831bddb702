import { Secret, type Origin, type Principal } from '../../contract/index.js'

/** The caller while nobody has asked who it is, or nobody knew it. Only in records of refusals. */
export const UNPROVEN: Principal = Object.freeze({ name: 'unauthenticated', method: 'none', roles: [] })

/** Every caller of a server without authenticators. */
export const ANONYMOUS: Principal = Object.freeze({ name: 'anonymous', method: 'none', roles: [] })

/** The request header that names a plugin instance where several offer an operation. */
export const INSTANCE_HEADER = 'caxton-instance'

const HARMLESS = /^(caxton-[a-z0-9-]+|user-agent|traceparent|tracestate)$/

/**
 * An origin for everyone but authenticators: only headers that are known to carry no credential. A list of the known
 * credential headers would miss those of a stranger's authenticator.
 */
export function withoutCredentials (origin: Origin): Origin {
  return { ...origin, headers: new Map([...origin.headers].filter(([name]) => HARMLESS.test(name))) }
}

/** The credential that a caller showed in one of the two headers for it, without the word before it. */
export function credentialIn ({ headers }: Origin): Secret | undefined {
  const text = headers.get('authorization')?.replace(/^\S+ +/, '') ?? headers.get('x-caxton-api-key')
  return text === undefined || text === '' ? undefined : new Secret(text)
}
