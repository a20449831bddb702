/** What is kept of a login to one server. */
export interface Login {
  readonly issuer: string
  readonly client: string
  readonly scope: string | undefined
  readonly resource: string | undefined
  /** Absolute path of the certificates that the issuer is trusted by. */
  readonly trust: string | undefined
  readonly token: string
  /** Milliseconds since the Unix epoch; undefined where the issuer did not say. */
  readonly expires: number | undefined
  /** Gets a new token when this one is over. */
  readonly refresh: string | undefined
}

/** Logins by the address of the server, `host:port`: a token goes to nobody else. */
export type Logins = ReadonlyMap<string, Login>

const TEXTS = ['issuer', 'client', 'token'] as const
const OPTIONAL_TEXTS = ['scope', 'resource', 'trust', 'refresh'] as const

export const loginsText = (logins: Logins): string =>
  `${JSON.stringify({ version: 1, logins: Object.fromEntries(logins) }, undefined, 2)}\n`

/** Reads what {@link loginsText} wrote; undefined for anything else. */
export function readLogins (text: string): Logins | undefined {
  const whole = fieldsOf(parsed(text))
  const logins = whole?.['version'] === 1 ? fieldsOf(whole['logins']) : undefined
  if (logins === undefined) return undefined
  const read = Object.entries(logins).flatMap(([server, value]) => {
    const login = loginOf(fieldsOf(value))
    return login === undefined ? [] : [[server, login] as const]
  })
  return read.length === Object.keys(logins).length ? new Map(read) : undefined
}

function loginOf (fields: Readonly<Record<string, unknown>> | undefined): Login | undefined {
  if (fields === undefined) return undefined
  const { issuer, client, token, scope, resource, trust, refresh, expires } = fields
  if (!TEXTS.every(name => typeof fields[name] === 'string')) return undefined
  if (!OPTIONAL_TEXTS.every(name => fields[name] === undefined || typeof fields[name] === 'string')) return undefined
  if (expires !== undefined && typeof expires !== 'number') return undefined
  return {
    issuer: String(issuer), client: String(client), token: String(token), expires,
    scope: textOf(scope), resource: textOf(resource), trust: textOf(trust), refresh: textOf(refresh),
  }
}

const textOf = (value: unknown): string | undefined => typeof value === 'string' ? value : undefined

function parsed (text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function fieldsOf (value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined
}
