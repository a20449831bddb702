import { isCaxtonError, type ErrorKind } from '../../kernel/contract/index.js'
import { plainPage, type Page } from './page.js'

/** HTTP status codes (RFC 9110 §15, RFC 6585 §4). */
const STATUS_OF: Readonly<Record<ErrorKind, number>> = {
  'invalid': 400, 'unauthenticated': 401, 'denied': 403, 'not-found': 404, 'exists': 409, 'precondition': 409, 'exhausted': 429,
  'internal': 500, 'configuration': 500, 'unavailable': 503, 'cancelled': 503, 'timeout': 504,
}

/** What a visitor sees of an error. Anything undeclared shows nothing but that it happened. */
export function failurePage (error: unknown): Page {
  if (!isCaxtonError(error)) {
    return plainPage(500, 'the answer could not be made for a reason that nobody foresaw; the log of the server says more')
  }
  const status = STATUS_OF[error.kind] ?? 500
  const retryAfter = 'retryAfter' in error.details ? error.details.retryAfter : undefined
  return plainPage(status, `${error.code}: ${error.message}\n${error.remedy}`, {
    ...status === 401 ? { 'www-authenticate': 'Bearer realm="caxton"' } : {},
    ...typeof retryAfter === 'number' ? { 'retry-after': String(Math.ceil(retryAfter / 1000)) } : {},
  })
}
