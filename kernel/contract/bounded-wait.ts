import type { Clock } from './clock.js'

/** Settles as `promise` does, or rejects with the signal's reason as soon as that aborts. */
export function orAborted<T> (promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => { reject(abortReason(signal)) }
    const settle = (): void => { signal.removeEventListener('abort', abort) }
    if (signal.aborted) abort()
    else signal.addEventListener('abort', abort, { once: true })
    promise.then(resolve, reject).finally(settle)
  })
}

/**
 * Does `work` within a time in milliseconds; its signal aborts, and the promise rejects, when the time is over or
 * `outer` aborts. Without `outer` only time ends it.
 */
export async function within<T> (
  clock: Clock, milliseconds: number, outer: AbortSignal | undefined, work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const inner = new AbortController()
  const follow = (): void => { inner.abort(outer?.reason) }
  const timer = clock.after(milliseconds, () => { inner.abort(noAnswer(milliseconds)) })
  outer?.addEventListener('abort', follow)
  try {
    if (outer?.aborted === true) throw abortReason(outer)
    return await orAborted(work(inner.signal), inner.signal)
  } finally {
    timer.cancel()
    outer?.removeEventListener('abort', follow)
  }
}

/** Settles as `promise` does, or rejects when a time in milliseconds is over. Cheaper than {@link within} for work that nothing can end. */
export function inTime<T> (clock: Clock, milliseconds: number, promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = clock.after(milliseconds, () => { reject(noAnswer(milliseconds)) })
    promise.finally(() => { timer.cancel() }).then(resolve, reject)
  })
}

/** Resolves after a time in milliseconds, or rejects with the signal's reason as soon as that aborts. */
export function pause (clock: Clock, milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) throw abortReason(signal)
    const abort = (): void => {
      timer.cancel()
      reject(abortReason(signal))
    }
    const timer = clock.after(milliseconds, () => {
      signal.removeEventListener('abort', abort)
      resolve()
    })
    signal.addEventListener('abort', abort, { once: true })
  })
}

const noAnswer = (milliseconds: number): Error => new Error(`no answer within ${milliseconds} ms`)

/** Why a signal aborted, as an error. */
export function abortReason (signal: AbortSignal): Error {
  const reason: unknown = signal.reason
  return reason instanceof Error ? reason : new DOMException(String(reason), 'AbortError')
}
