import assert from 'node:assert/strict'
import { inspect } from 'node:util'
import type { Authenticator, Origin, Principal } from '../../../kernel/contract/index.js'

/** A credential that must be let in. */
export interface RightCredential {
  readonly what: string
  /** The credential itself, as {@link AuthenticatorSubject.showing} takes it. */
  readonly text: string
  /** Who shows it. */
  readonly principal: Principal
}

/** A credential of the authenticator's own kind that must not be let in. */
export interface WrongCredential {
  /** What is wrong with it: `expired`. */
  readonly what: string
  readonly origin: Origin
}

/** A started authenticator as the kit sees it. */
export interface AuthenticatorSubject {
  readonly authenticator: Authenticator
  /** At least two, of different principals. */
  readonly right: readonly RightCredential[]
  /** Every way in which a credential can be wrong: unknown, forged, expired, revoked ... */
  readonly wrong: readonly WrongCredential[]
  /** Callers with credentials of other kinds, besides those that the kit knows. */
  readonly foreign: readonly Origin[]
  /** Parts of the credentials above that nobody may ever read. Empty where credentials are public, as certificates are. */
  readonly secrets: readonly string[]
  /** A caller who shows this text where a credential belongs. For bytes, each character is one (latin1). */
  showing (text: string): Origin
  /** All that the authenticator has written to its log, as text. */
  log (): string
  /** A caller for whom the authenticator has to wait, for ever. Not called when `waits` is lacking. */
  waiting? (): Promise<Origin>
}

/** What came of asking an authenticator; it has three ways to answer. */
export type Verdict =
  | { readonly is: 'unknown' }
  | { readonly is: 'refused', readonly error: unknown }
  | { readonly is: 'known', readonly principal: Principal }

export async function ask (
  { authenticator }: AuthenticatorSubject, origin: Origin, signal: AbortSignal = new AbortController().signal,
): Promise<Verdict> {
  try {
    const principal = await authenticator.authenticate(origin, signal)
    return principal === undefined ? { is: 'unknown' } : { is: 'known', principal }
  } catch (error) {
    return { is: 'refused', error }
  }
}

/** Fails unless the caller was let in as this principal. */
export function assertKnown (verdict: Verdict, { name, method, roles }: Principal, what: string): void {
  assert.equal(verdict.is, 'known', `${what} was not let in: ${inspect(verdict)}`)
  if (verdict.is !== 'known') return
  const found = verdict.principal
  assert.deepEqual({ name: found.name, method: found.method, roles: [...found.roles] }, { name, method, roles: [...roles] }, what)
}

export const originWith = (headers: Readonly<Record<string, string>>): Origin =>
  ({ face: 'api-kit', address: '192.0.2.7', headers: new Map(Object.entries(headers)) })
