import { gzip } from 'node:zlib'
import { promisify } from 'node:util'
import type { Clock, Web } from '../../../kernel/contract/index.js'

const compressed = promisify(gzip)
/** Statuses at which a request is worth repeating (OTLP specification 1.3, OTLP/HTTP, failures). */
const PASSING: readonly number[] = [429, 502, 503, 504]
/** Longest wait that a collector may ask for, in milliseconds. */
const LONGEST_WAIT = 300_000

/** What came of a request. */
export type Outcome =
  /** `rejected`: so many of its items were not accepted, for the reason. */
  | { readonly kind: 'taken', readonly rejected: number, readonly because: string }
  /** It is to be tried again, after `wait` milliseconds if the collector said when. */
  | { readonly kind: 'later', readonly wait: number | undefined, readonly because: string }
  | { readonly kind: 'refused', readonly because: string }

/** How requests are sent. */
export interface SenderTerms {
  readonly endpoint: URL
  readonly headers: Readonly<Record<string, string>>
  readonly compress: boolean
}

/** Sends requests to a collector by OTLP/HTTP in JSON. */
export class OtlpSender {
  constructor (private readonly terms: SenderTerms, private readonly web: Web, private readonly clock: Clock) {}

  /** @param path `v1/traces` and so on. Never rejects. */
  async send (path: string, request: object, signal: AbortSignal): Promise<Outcome> {
    const { endpoint, headers, compress } = this.terms
    try {
      const json = JSON.stringify(request)
      const body = compress ? await compressed(json) : json
      const { status, body: said, headers: answered = {} } = await this.web.ask({
        method: 'POST', url: urlOf(endpoint, path), body,
        headers: { ...headers, 'content-type': 'application/json', ...compress ? { 'content-encoding': 'gzip' } : {} },
      }, signal)
      if (status >= 200 && status < 300) return { kind: 'taken', ...rejectedIn(said) }
      const because = `the collector answered ${status}${said === '' ? '' : `: ${said.slice(0, 200)}`}`
      if (!PASSING.includes(status)) return { kind: 'refused', because }
      return { kind: 'later', wait: waitOf(answered['retry-after'], this.clock.now()), because }
    } catch (error) {
      return { kind: 'later', wait: undefined, because: error instanceof Error ? error.message : String(error) }
    }
  }
}

export function urlOf (endpoint: URL, path: string): URL {
  const url = new URL(endpoint)
  url.pathname = `${url.pathname.replace(/\/+$/, '')}/${path}`
  return url
}

/** `Retry-After` (RFC 9110 §10.2.3), seconds or a date, in milliseconds from now. */
export function waitOf (header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined
  const wait = /^\d+$/.test(header.trim()) ? Number(header) * 1_000 : Date.parse(header) - now
  return Number.isNaN(wait) ? undefined : Math.min(LONGEST_WAIT, Math.max(0, wait))
}

/** How many items a collector did not accept although it took the request (OTLP specification, partial success). */
export function rejectedIn (body: string): { readonly rejected: number, readonly because: string } {
  const partial = partialIn(body)
  const rejected = ['rejectedSpans', 'rejectedDataPoints', 'rejectedLogRecords']
    .map(name => Number(Reflect.get(partial, name) ?? 0)).find(count => count > 0) ?? 0
  const because: unknown = Reflect.get(partial, 'errorMessage')
  return { rejected, because: typeof because === 'string' ? because : '' }
}

function partialIn (body: string): object {
  try {
    const answer: unknown = JSON.parse(body)
    if (typeof answer !== 'object' || answer === null || !('partialSuccess' in answer)) return {}
    return typeof answer.partialSuccess === 'object' && answer.partialSuccess !== null ? answer.partialSuccess : {}
  } catch {
    return {}
  }
}
