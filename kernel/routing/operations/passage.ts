import {
  abortReason, isCaxtonError, within, type Admission, type AuditRecord, type Authenticator, type Authorizer, type Call,
  type CaxtonError, type Clock, type Logger, type Named, type OperationContext, type OperationInfo, type Origin, type Principal,
  type Secret, type TraceContext,
} from '../../contract/index.js'
import { redactText } from '../../observability/log-redaction.js'
import { ANONYMOUS, credentialIn, UNPROVEN, withoutCredentials } from './call-origin.js'
import type { CallRecords } from './call-record.js'
import {
  AuditUnavailable, CallCancelled, Forbidden, InternalError, RateLimited, Unauthorized,
} from './operation-errors.js'

/** What guards and records the way into every operation. */
export interface Guards {
  readonly authenticators: ReadonlyArray<Named<Authenticator>>
  readonly authorizer: Authorizer | undefined
  readonly admissions: ReadonlyArray<Named<Admission>>
  readonly records: CallRecords
  readonly clock: Clock
  readonly log: Logger
}

/** How long all authenticators together may take over one call, in milliseconds. */
const LONGEST_AUTHENTICATION = 10_000

/** Which things a call is about, or how that is found out once it is known who calls. */
export type About = readonly string[] | (() => Promise<readonly string[]>)

/** One call on its way through the chain. */
export class Passage {
  private principal: Principal = UNPROVEN
  private acting = false
  private resource = ''
  private because: string | undefined
  private readonly origin: Origin
  private readonly credential: Secret | undefined

  constructor (
    private readonly guards: Guards,
    private readonly operation: OperationInfo,
    private readonly call: Call,
    readonly trace: TraceContext,
    readonly signal: AbortSignal,
  ) {
    this.origin = withoutCredentials(call.origin)
    this.credential = credentialIn(call.origin)
  }

  /** Who calls, as far as it is known. */
  get caller (): string { return this.principal.name }

  /** What the call is about, as far as it is known. */
  get about (): string { return this.resource }

  /** Every step up to the handler. Rejects at the first that refuses; {@link failed} puts that on record. */
  async enter (about: About): Promise<OperationContext> {
    if (typeof about !== 'function') this.resource = about.join(', ')
    this.admit(undefined)
    this.principal = await this.authenticated()
    const resources = typeof about === 'function' ? await about() : about
    this.resource = resources.join(', ')
    for (const resource of resources) this.authorize(resource)
    this.admit(this.principal)
    if (this.signal.aborted) throw abortReason(this.signal)
    if (this.operation.changes && !await this.keep('intent')) throw AuditUnavailable({ operation: this.operation.name })
    this.acting = true
    return { principal: this.principal, origin: this.origin, trace: this.trace, signal: this.signal }
  }

  async done (): Promise<void> {
    await this.keep('outcome', 'ok')
  }

  /** Puts a failure on record and makes of it what the caller may see. */
  async failed (error: unknown): Promise<CaxtonError> {
    const shown = this.shown(error)
    this.because ??= inWords(error)
    await this.keep(this.acting ? 'outcome' : 'refused', shown.code)
    return shown
  }

  private shown (error: unknown): CaxtonError {
    const operation = this.operation.name
    if (isCaxtonError(error)) return error
    if (this.signal.aborted && (error === this.signal.reason || isAbort(error))) return CallCancelled({ operation })
    this.guards.log.error('an operation failed unexpectedly', {
      operation, principal: this.principal.name, trace: this.trace.traceId, error,
    })
    return InternalError({ operation }, { cause: error })
  }

  private admit (principal: Principal | undefined): void {
    for (const { service } of this.guards.admissions) {
      const verdict = service.admit(this.origin, this.operation, principal)
      if (verdict.admitted) continue
      throw RateLimited({ operation: this.operation.name, because: verdict.because, retryAfter: verdict.retryAfter })
    }
  }

  private async authenticated (): Promise<Principal> {
    if (this.guards.authenticators.length === 0) return ANONYMOUS
    const principal = await within(this.guards.clock, LONGEST_AUTHENTICATION, this.signal, signal => this.recognized(signal))
      .catch((error: unknown) => { throw this.signal.aborted ? error : this.unknownCaller(error) })
    if (principal === undefined) throw this.unknownCaller('no authenticator knows the credential')
    return principal
  }

  private async recognized (signal: AbortSignal): Promise<Principal | undefined> {
    for (const { service } of this.guards.authenticators) {
      const principal = await service.authenticate(this.call.origin, signal)
      if (principal !== undefined) return principal
    }
    return undefined
  }

  private unknownCaller (because: unknown): CaxtonError {
    const { face, address } = this.origin
    const operation = this.operation.name
    this.because = inWords(because)
    for (const { service } of this.guards.admissions) service.unproven?.(this.origin)
    this.guards.log.info('a caller was not authenticated', { operation, face, address, trace: this.trace.traceId, because })
    return Unauthorized({})
  }

  private authorize (resource: string): void {
    const { name: operation, right } = this.operation
    const verdict = this.guards.authorizer?.decide(this.principal, this.operation, resource)
    if (verdict?.allowed !== false) return
    throw Forbidden({ principal: this.principal.name, operation, right, because: verdict.because })
  }

  private async keep (event: AuditRecord['event'], result?: string): Promise<boolean> {
    const { operation, resource, principal, origin, trace, because, credential } = this
    return await this.guards.records.keep({
      event, operation: operation.name, changes: operation.changes, resource, principal, origin, trace,
      ...result === undefined ? {} : { result },
      ...because === undefined ? {} : { because },
      ...credential === undefined ? {} : { credential },
    })
  }
}

const inWords = (error: unknown): string => redactText(error instanceof Error ? error.message : String(error))

function isAbort (error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError'
}
