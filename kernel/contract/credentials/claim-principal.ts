import { configSchema, listOf, mapOf, type ConfigOf } from '../config.js'
import type { Principal } from '../operation.js'
import { CredentialRefused } from './credential-errors.js'
import type { Claims } from './token-claims.js'

/** The keys by which an operator says what the claims of a token mean here. */
export const claimKeys = configSchema({
  name_claim: {
    doc: 'Claim with the caller\'s name. A token without it is its client\'s own, and is named by `client_id`.',
    format: 'string', default: 'sub',
  },
  role_claims: {
    doc: 'Claims that `roles` looks at: lists, or words in one text. `realm_access.roles` is the claim `roles` in `realm_access`.',
    format: listOf('string'), default: ['roles'],
  },
  roles: {
    doc: 'Roles that callers get, each with the values of the claims that give it.',
    format: mapOf({ values: { doc: 'The values, one of which is enough.', format: listOf('string') } }), default: {},
  },
  default_roles: { doc: 'Roles that every caller gets.', format: listOf('string'), default: [] },
})

export type ClaimKeys = ConfigOf<typeof claimKeys>

/** A name that can stand in a log and a policy: printable, and without spaces at its ends. */
const NAME = /^(?! )[^\p{C}\p{Zl}\p{Zp}]{1,255}(?<! )$/u
const CLIENT = 'client:'

/** Makes principals of claims, as the configuration has it. */
export class ClaimPrincipals {
  /**
   * `prefix` stands before every name, so that two issuers never mean the same principal; `method` is the authenticator's instance
   * name; `credential` names the token in errors.
   */
  constructor (
    private readonly keys: ClaimKeys,
    private readonly prefix: string,
    private readonly method: string,
    private readonly credential: string,
  ) {}

  /** Throws `CREDENTIAL_REFUSED` for claims without a name that can be used. */
  principalOf (claims: Claims): Principal {
    const values = new Set(this.keys.role_claims.flatMap(path => wordsOf(valueAt(claims, path))))
    const given = Object.entries(this.keys.roles).filter(([, role]) => role.values.some(value => values.has(value)))
    const roles = [...new Set([...this.keys.default_roles, ...given.map(([role]) => role)])]
    return Object.freeze({ name: `${this.prefix}${this.nameIn(claims)}`, method: this.method, roles: Object.freeze(roles) })
  }

  private nameIn (claims: Claims): string {
    const { name_claim: claim } = this.keys
    const own = valueAt(claims, claim)
    const name = own === undefined ? claims['client_id'] : own
    const refuse = (because: string): never => { throw CredentialRefused({ credential: this.credential, because }) }
    if (name === undefined) return refuse(`it names nobody in "${claim}"`)
    if (typeof name !== 'string' || !NAME.test(name)) {
      return refuse(`the name in "${own === undefined ? 'client_id' : claim}" can't be used`)
    }
    // A client that chose somebody's name for its id must not become that somebody: RFC 9068 §5.
    if (own === undefined) return `${CLIENT}${name}`
    return name.startsWith(CLIENT) ? refuse(`the name in "${claim}" looks like a client's`) : name
  }
}

/** A claim by its name, which may have dots in it, or else by its path. */
function valueAt (claims: Claims, path: string): unknown {
  if (Object.hasOwn(claims, path)) return claims[path]
  return path.split('.').reduce<unknown>((value, name) =>
    typeof value === 'object' && value !== null && Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined, claims)
}

function wordsOf (value: unknown): string[] {
  if (typeof value === 'string') return value.split(' ')
  return Array.isArray(value) ? value.filter(item => typeof item === 'string') : []
}
