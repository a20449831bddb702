import type { Secret } from '../config.js'
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
  /** Hears of a call that was admitted, and whose caller then did not prove who it is. Must not throw. */
  unproven? (origin: Origin): void
}

/** One record of what somebody did or tried by an operation. */
export interface AuditRecord {
  readonly event: 'intent' | 'outcome' | 'refused'
  readonly operation: string
  /** Whether the operation changes anything: an operator may leave out of the record who only read. */
  readonly changes: boolean
  /** What it is about, as the authorizer was asked: the name of an agent. Empty where the request names nothing. */
  readonly resource: string
  readonly principal: Principal
  readonly origin: Origin
  readonly trace: TraceContext
  /** Of an outcome or a refusal: `ok` or the error's code. */
  readonly result?: string
  /** Of a refusal or a failure: exactly why, also where the caller is not told. */
  readonly because?: string
  /** What the caller showed to prove itself. Never to be written, but for a keyed hash, by which uses of one credential are found. */
  readonly credential?: Secret
}

/** Something of security that is no operation: a port that was refused, a certificate that ends, a node that was let in. */
export interface SecurityEvent {
  readonly event: 'security'
  /** What happened, in few words of one kind: `listener-refused`, `certificate-rotated`. */
  readonly what: string
  /** To what: an address, a node, an agent, the name in a certificate. */
  readonly resource: string
  readonly result: 'ok' | 'refused' | 'warning'
  readonly because?: string
}

/**
 * Keeps the record of who did what. An intent must be durable before the promise resolves: if it rejects, the change is refused.
 */
export interface AuditLog {
  record (record: AuditRecord | SecurityEvent): Promise<void>
}

/**
 * Where every part says what happened to the server's security. Goes to the log, to `caxton_security_events_total` and, where one is
 * kept, to the audit log; what is noted before that has begun waits for it. Never blocks, never throws.
 */
export interface SecurityEvents {
  note (event: Omit<SecurityEvent, 'event'>): void
}

export const Authenticators = tokenMany<Authenticator>('caxton/authenticator@1')
export const AuthorizerToken = token<Authorizer>('caxton/authorizer@1')
export const Admissions = tokenMany<Admission>('caxton/admission@1')
export const AuditLogToken = token<AuditLog>('caxton/audit@1')
export const SecurityEventsToken = token<SecurityEvents>('caxton/security-events@1')
