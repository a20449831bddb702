import type { OperationInfo, Origin, Principal } from '../operation.js'
import type { TraceContext } from '../observe.js'
import { token, tokenMany } from '../token.js'

/**
 * Proves who calls. The chain asks each in the order of the configuration until one knows the credential. `undefined`: not
 * my kind of credential, ask the next. Throwing refuses the call; all refusals look alike from outside.
 */
export interface Authenticator {
  authenticate (origin: Origin, signal: AbortSignal): Promise<Principal | undefined>
}

/** A decision, with the rule that made it in words. */
export interface Decision {
  readonly allowed: boolean
  readonly because: string
}

/**
 * Whether a principal has a right on a thing. Asked after authentication, once for each thing that the call is about (`resources` in
 * `caxton.v1.operation`); must answer from memory. A resource is
 *
 * * a name, as the right's operations take it: of an agent, a node, a capability, a metric;
 * * with `*` at its end: everything that begins so; empty: everything;
 * * `topic:NAME`, `capability:CHOICE:NAME`, `conversation:ID`, `letter:ID`: something behind which any agents may stand.
 */
export interface Authorizer {
  decide (principal: Principal, operation: OperationInfo, resource: string): Decision
}

/**
 * Too much, too often? Asked twice per call: before authentication with no principal, and after authorization with one. Must answer
 * from memory; `retryAfter` is in milliseconds.
 */
export interface Admission {
  admit (origin: Origin, operation: OperationInfo, principal: Principal | undefined):
    { readonly admitted: true } | { readonly admitted: false, readonly retryAfter: number, readonly because: string }
}

/** One record of what somebody did or tried. */
export interface AuditRecord {
  readonly event: 'intent' | 'outcome' | 'refused'
  readonly operation: string
  readonly principal: Principal
  readonly origin: Origin
  readonly trace: TraceContext
  /** Of an outcome or a refusal: `ok` or the error's code. */
  readonly result?: string
}

/**
 * Keeps the record of who did what. An intent must be durable before the promise resolves: if it rejects, the change is refused.
 */
export interface AuditLog {
  record (record: AuditRecord): Promise<void>
}

export const Authenticators = tokenMany<Authenticator>('caxton/authenticator@1')
export const AuthorizerToken = token<Authorizer>('caxton/authorizer@1')
export const Admissions = tokenMany<Admission>('caxton/admission@1')
export const AuditLogToken = token<AuditLog>('caxton/audit@1')
